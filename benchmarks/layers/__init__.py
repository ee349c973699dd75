"""Every layer of `nn` beside PyTorch's of the same name: forward and backward, as ratios.

`python -m benchmarks layers` runs it. `rows/` holds what is measured, as plain data, a file for
each family: a layer's name, its arguments, the shapes it is given. A row that is added there is
measured; nothing else needs to be told.
"""

"""Diagnostics of models and of training, drawn in one style.

Each kind takes plain data, such as `nn.inspect` gives, or a model that offers them by
`inspected(kind, …)`: nothing here knows what a model is made of. `plot` has the axes, `grids` cells
of colour, `chart` the object that users hold; a file for each kind. May import `viz.picture`,
`viz.draw`, `viz.text` and `viz.geometry`.
"""

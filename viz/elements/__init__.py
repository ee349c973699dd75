"""Operations on tensors, looked into: `zoom` draws the scalars behind the elements.

`names` says what an element is called, `frames` which elements stand together, `seeds` what
arrives at the result, `rounding` which gradients are nothing but rounding; `sums` and `grids` draw
a sum over many elements, `zoom` puts these together. In come nodes, out come drawings.

May import `viz.cards`, `viz.draw`, `viz.plan`, `viz.read`, `viz.text` and `viz.model`.
"""

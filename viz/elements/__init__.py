"""Operations on tensors, looked into: `zoom` draws the scalars behind the elements.

`names` says what an element is called, `frames` which elements stand together, `seeds` what
arrives at the result, `rounding` which gradients are nothing but rounding, `zoom` puts these
together. In come nodes, out come drawings.

May import `viz.cards`, `viz.plan`, `viz.read`, `viz.text` and `viz.model`.
"""

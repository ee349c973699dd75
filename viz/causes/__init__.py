"""Why a gradient is as it is: where on its way it is cut, blocked, shrunk, blown up or lost.

In come a root and a node, a parameter or one of its entries; `why` gives back a `Why`: a verdict,
the first place that answers for it, the path as rows of plain data, and its picture. `target`
finds what is meant, `flow` sweeps, `slopes` reads local derivatives off the table, `absent`,
`lost`, `strange`, `sizes` and `alike` hold the rules, `rows` and the files after it show them.
May import `autodiff` and the rooms below: `picture`, `read`, `draw`, `text`, `model`.
"""

"""Numbers, names and formulas as text.

`formatting` writes numbers and names, `formulas` what a node computes and the derivative on each
wire: from the notations of the operation table, never from rules of its own. May import
`autodiff`.
"""

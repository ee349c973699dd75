"""Parts of a graph whose backward pass is a Python function: own rules, recomputation, implicit.

`function` (rules of the user's own), `checkpoint` (recomputed instead of kept), `implicit` (what
an equation defines) and `stop` (numbers taken out of the graph) are what users call. `packing`
makes one node of such a part, `closed_over` and `outside` find what it used beside its arguments,
`checks` holds a rule's answer against what it had to be. In come functions, out come nodes.

May import sweeps, trees and all below them.
"""

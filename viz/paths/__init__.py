"""A gradient explained: as a sum over paths, node by node, and for tensors as formulas.

`between` finds what lies between a result and a node, `totals` and `best` add up its paths and
find the largest, `symbols` writes them, `recursion` goes node by node; `explanation` holds it all.
Of tensors `flow` keeps what is sent, `rules` and `nested` write it, `matrix` holds it. The other
files check, write and draw. In come nodes of the engine, out come pictures that are text as well.
May import all rooms of viz below it.
"""

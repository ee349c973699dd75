"""A gradient explained: as a sum over paths, node by node, and for tensors as one formula.

`between` finds what lies between a result and what it is differentiated by, `totals` and `best`
add up its paths and find the largest, `symbols` and `names` say what they are called, `recursion`
goes node by node, `checks` compares; `explanation` holds it all, the other files write and draw
it. In come nodes of the engine, out come pictures. May import all of viz but its face and other
pictures of graphs.
"""

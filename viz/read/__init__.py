"""From a live graph of the engine to what can be said of its nodes.

`skeleton` numbers the nodes and their operands, `roles` and `names` say what each is and what it
is called, `gradients` what flows back to it, `statistics` how its entries are distributed. May
import `viz.text` and `viz.model`.
"""

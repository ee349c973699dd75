"""A network drawn as panels: neurons in columns, weights as lines, forward and backward.

`grid` says where neurons stand, the others draw them: `neurons`, `wires`, `captions`, `legend`;
`panel` puts one pass together, `picture` both.
"""

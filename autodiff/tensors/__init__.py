"""What makes `Tensor` work: an array as a node, and the operations of the table on it.

`tensor` is the class, `record` makes the nodes, `operands` makes tensors of what a function is
given, `promotion` says of which dtype, `operations` applies the table, `to_values` gives Values
back. `leaf_array` and `result_array` are the arrays as users see them, `operand_errors` what is
said of wrong operands. In come tensors, Values, arrays and numbers, out come tensors.

May import values, the graph, dtypes, backends, writers and ops.
"""

"""NumPy-like functions on nodes, by family; the file named as its family has the common ones.

A family's folder imports nothing by itself, so that a program loads what it uses: `autodiff.names`
says where each name is. `nodes` lists the functions under the names that the table's rules use,
`signatures` says what elementwise functions take, `parameter_aliases` and `other_libraries` know
what others call things. In come tensors, Values, arrays and numbers, out come nodes.

May import tensors and all below them, not batching.
"""

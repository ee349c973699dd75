"""What the operation table computes with: namespaces of arrays and of floats.

`arrays` is NumPy's, `scalars` that of Python floats. `kinds` says what kind of array something
is, `stand_in` and `interpreter` what stands in for one. The folders are the families of the
table: functions that NumPy lacks or computes more slowly. `kernels` lists those that `arrays`
loads when first used. In come arrays and numbers, out come the same: nothing knows of nodes.

May import ops.
"""

"""What the operation table computes with: namespaces of arrays and of floats.

`arrays` is NumPy's, `scalars` that of Python floats. `kinds` says what kind of array something
is, `standin` and `interpreter` what stands in for one. All else are functions that NumPy
lacks or computes more slowly; `kernels` lists them, and `arrays` loads them when first used.
In come arrays and numbers, out come arrays and numbers: nothing here knows of nodes.

May import ops.
"""

"""Containers whose leaves are arrays, numbers and nodes; what users see of it is `autodiff.tree`.

`containers` says how each kind of container is opened and built, `tree` does it for nested ones. In
come trees, out come flat lists of leaves and what is needed to build the tree again. A package
that has a container of its own registers it.

May import the graph.
"""

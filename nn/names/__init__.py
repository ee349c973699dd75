"""Names: what a room exports, what `nn.functional` has from `autodiff`, where a missing name is.

Nothing of `nn` is imported here but, when a name was not found, the places to look in.
"""

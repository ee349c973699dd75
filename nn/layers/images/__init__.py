"""Layers of signals, images and volumes, one family per file, by the names of `autodiff`'s.

Each family has one base for any number of axes, and the 1d, 2d and 3d names say how many. What
they compute, and what does not fit, are functions of `autodiff` and `nn.functional`; a layer
keeps settings and parameters, and puts its name before what such a function refuses.
It may import what `nn.layers` may.
"""

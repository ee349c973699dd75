"""The backward pass as a network of its own, on a plane below the forward pass.

`amplifiers` is that network as plain data, which can be run; `places` says where everything
stands, `labels` where the numbers on crossing wires do; `forward`, `backward`, `bundles`, `wires`
and `loss` draw the parts; `picture` is what users get. In comes a `viz.networks.model.Network`.
May import what `viz.networks` may.
"""

"""From a placed graph to a picture: scene, SVG, HTML, DOT, raster.

`scene` lists the shapes of all `cards`, wires (`lanes`) and the `legend`, in colours by name
(`palette`); `svg`, `html`, `dot` and `raster` write the list down. In come a `Graph` and its
`Layout`, out come texts and files that load nothing. It may import `viz.layout`, `viz.model` and
`viz.words`.
"""

"""From a placed graph to a picture: scene, SVG, HTML, DOT, raster."""

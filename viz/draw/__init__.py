"""What every picture is drawn with: shapes in named colours, and their writers.

`scene` has the shapes, `palette` the colours, `metrics` the widths of text, `axes` the ticks;
`svg`, `raster` and `page` write a scene down as texts and files that load nothing. Knows no graph.
May import `viz.geometry`, `viz.text` and `viz.installed`.
"""

"""Pages: prose, formulas, tables and pictures one below the other, in one file for a browser.

Pictures of any kind come in, HTML that loads nothing goes out. May import `viz.picture`,
`viz.draw`, `viz.text` and `viz.files`.
"""

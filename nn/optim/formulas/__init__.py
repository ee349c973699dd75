"""From the rule of an optimizer to code that changes arrays in place.

A rule is a function in plain NumPy. `formula` runs it on symbols, `tracing` gives it the settings
and the state, `numbers` writes what all parameters share, `in_place` what is done to each, and
`variant` keeps both for one way that the settings are. In comes a rule, out comes a `Variant`.
May import autodiff alone.
"""

"""`nn.fit` beside a compiled loop written by hand: the same epochs in turns.

What comes in is a list of rows (`rows`), what goes out a table of times per step and their
ratios (`command`). May import `nn` and the rooms of measuring.
"""

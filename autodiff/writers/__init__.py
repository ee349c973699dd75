"""From formulas to text, and from text to functions.

`scalar_source` writes Python over floats, `array_source` NumPy that reuses its arrays, `text`
Unicode and LaTeX, `javascript` what a page computes with, `rules` what operands receive,
`derivatives` what the table says of an operation. `kernels` are derivatives as functions of
arrays, and `build` makes every piece of generated source into a function. In come formulas and
names, out comes text; what else a source refers to is an argument.

May import symbolic, backends and ops.
"""

"""From formulas to text: Python over floats, NumPy in place, kernels, Unicode and LaTeX."""

"""Functions of each element: arithmetic, powers, angles, comparisons, activations, bits, parts."""

"""The functions of `autodiff.linalg`, a file for each family."""

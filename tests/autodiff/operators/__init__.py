"""An independent database of operators, with inputs, held against this library's functions."""

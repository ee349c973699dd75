"""Parts of a graph whose backward pass is a Python function: own rules, recomputation, implicit."""

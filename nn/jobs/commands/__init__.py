"""The commands of ``python -m nn``: each adds itself to the parser, and runs.

A parser comes in and gets one command more, whose options know the function to call; that takes
the options and gives the exit status.
"""

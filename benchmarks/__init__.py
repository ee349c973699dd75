"""Glassgrad beside its peers: the same work, in one process, as ratios.

Run with ``python -m benchmarks``; ``benchmarks/README.md`` says how to read what it prints.
``--against CHECKOUT`` times this checkout's engine beside that of another one.
"""

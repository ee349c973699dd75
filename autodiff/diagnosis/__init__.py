"""What is told of computations: anomalies, explanations, entries of the table.

`anomaly` (the search for NaN and infinities is switched on and off), `explanation` (the backward
pass told step by step), `failures` (what an error's operation was given), `table_entry` (an
operation as the table has it).

In come nodes, names or errors, out goes text or what is known. It may import all rooms of the
engine; none imports it.
"""

"""What is told of computations: anomalies, explanations, entries of the table.

`anomaly` (the search for NaN and infinities is switched on and off), `explanation` (the backward
pass told step by step), `table_entry` (an operation as the table has it).

In come nodes or names, out goes text. It may import all rooms of the engine; none imports it.
"""

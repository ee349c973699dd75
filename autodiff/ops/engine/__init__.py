"""What the engine itself records: crossings of scalars, arrays and batches; fused sums."""

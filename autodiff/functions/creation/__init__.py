"""New tensors: counted, filled, spaced, taken from other arrays; triangles; the dtypes by name."""

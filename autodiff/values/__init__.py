"""What makes `Value` work: its operators, its functions, sums as one node, the backward pass."""

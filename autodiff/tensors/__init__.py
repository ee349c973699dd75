"""What makes `Tensor` work: its methods and operators, and the array of a leaf."""

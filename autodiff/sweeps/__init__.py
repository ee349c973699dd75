"""What a backward pass is made of, and its other forms."""

"""What networks compute with labels of classes, on arrays."""

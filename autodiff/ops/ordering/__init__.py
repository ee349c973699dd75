"""What order decides."""

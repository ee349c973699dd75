"""One adapter for each peer; importing it fails where the peer is not installed."""

"""The same elements in another shape: rearranged, joined, cut, repeated, padded."""

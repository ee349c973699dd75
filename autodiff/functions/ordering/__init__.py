"""What order decides: sorting, quantiles, sets, different elements, counts between edges."""

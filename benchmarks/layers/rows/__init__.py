"""What is measured: in the file of each family a list `ROWS`."""

"""What the service does in figures: `make bench`."""

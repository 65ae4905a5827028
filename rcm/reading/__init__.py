"""What the API shows: queries only, nothing here changes a row."""

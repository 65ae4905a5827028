"""The JSON of the API: integer cents, times in UTC with Z, of a patient what the caller may see."""

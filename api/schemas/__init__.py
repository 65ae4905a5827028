"""The JSON of the API: integer cents, times in UTC with Z, no names of patients."""

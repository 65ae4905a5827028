"""The health care claim payment advice (835, guide 005010X221A1): what a payer paid and why."""

"""Synthetic parties and encounters; every patient is named Canary."""

"""Whose encounter it is."""

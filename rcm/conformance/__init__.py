"""Conformance by pyx12, in a process of its own with limits: nothing it meets can end a worker."""

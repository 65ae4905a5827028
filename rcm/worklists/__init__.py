"""What a person has to do next: one item for each thing, in plain words."""

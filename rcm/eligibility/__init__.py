"""Eligibility: who is covered for what, asked by 270 and told by 271."""

"""Intake: what EHR systems post becomes one Encounter."""

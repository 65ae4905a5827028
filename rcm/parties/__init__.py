"""Payers, billing providers, patients, coverages, trading partners."""

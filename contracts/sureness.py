"""From where on an intent is taken at its word."""

SURE = 0.65
"""Calibrated confidence of an intent below which the words of the message count more (docs/adr/0039)."""

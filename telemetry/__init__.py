"""Structured logs for the processes outside Rasa."""

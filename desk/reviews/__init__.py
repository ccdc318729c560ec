"""Transcripts read from Rasa's tracker store, judged and turned into better training data."""

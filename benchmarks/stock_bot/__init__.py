"""A bot for Rasa as it comes."""

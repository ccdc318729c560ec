"""Whose conversation a sender id of Rasa's names, where that is no customer's."""

TEACHING = "teach-"
"""Prefix of a colleague's who teaches the bot in the console: no customer, no figure, nobody to be called."""

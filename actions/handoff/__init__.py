"""Handing a conversation to a person: what is handed over, and the desks that take it."""

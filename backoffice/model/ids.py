"""Opaque ids: nothing may be read out of them."""

from typing import NewType

CustomerId = NewType("CustomerId", str)
ConversationId = str
"""Given by whoever runs the conversation (Rasa's ``sender_id``); free text to the back office."""

MessageId = str
"""The customer's message that caused a call; the same id again is the same call again."""

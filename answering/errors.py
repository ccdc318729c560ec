"""Errors of the answering room.

AnsweringError
 └── KnowledgeUnavailable   the index cannot be read: the caller offers a person
"""


class AnsweringError(Exception):
    """Base of everything this room raises on purpose."""


class KnowledgeUnavailable(AnsweringError):
    """The knowledge index is missing or unreadable, so no question can be answered."""

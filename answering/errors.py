"""Errors of the answering room.

AnsweringError
 ├── KnowledgeUnavailable   the index cannot be read: the caller offers a person
 └── ApprovedStoreUnavailable   the approved answers cannot be read or written
"""


class AnsweringError(Exception):
    """Base of everything this room raises on purpose."""


class KnowledgeUnavailable(AnsweringError):
    """The knowledge index is missing or unreadable, so no question can be answered."""


class ApprovedStoreUnavailable(AnsweringError):
    """The file of approved answers cannot be read or written."""

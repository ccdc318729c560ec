"""Errors of the answering room.

AnsweringError
 ├── KnowledgeUnavailable   the index cannot be read: the caller offers a person
 ├── ApprovedStoreUnavailable   the approved answers cannot be read or written
 ├── ApprovalRefused   an approved answer cannot be changed like this; ``kind`` says why
 └── TranslationFailed      a language model gave no translation that can be shown
"""

from typing import Literal


class AnsweringError(Exception):
    """Base of everything this room raises on purpose."""


class KnowledgeUnavailable(AnsweringError):
    """The knowledge index is missing or unreadable, so no question can be answered."""


class ApprovedStoreUnavailable(AnsweringError):
    """The file of approved answers cannot be read or written."""


class ApprovalRefused(AnsweringError):
    """An approved answer cannot be changed like this; the message is for people."""

    def __init__(self, kind: Literal["not_found", "not_possible", "invalid"], message: str) -> None:
        super().__init__(message)
        self.kind = kind


class TranslationFailed(AnsweringError):
    """What the model gave is no translation that can be shown."""

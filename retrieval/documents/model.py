"""What reading one file gives, and how much of a file is read at most."""

from dataclasses import dataclass

from retrieval.model import Entry


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. ``seconds`` and ``memory_bytes`` hold for everything that a parser opens.

    ``text_bytes`` is for Markdown and HTML, ``document_bytes`` for PDF, DOCX, CSV and JSON, ``unpacked_bytes``
    for what a DOCX holds once unpacked.
    """

    text_bytes: int = 2 * 1024 * 1024
    document_bytes: int = 50 * 1024 * 1024
    unpacked_bytes: int = 200 * 1024 * 1024
    pages: int = 1000
    seconds: float = 60.0
    memory_bytes: int = 2 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reading:
    """The entries of one file, why parts of it (a line, an article) were refused, and what else is to be told.

    ``personal_data_allowed`` holds the ids of documents whose author said that their personal data may be told.
    """

    entries: tuple[Entry, ...] = ()
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    personal_data_allowed: frozenset[str] = frozenset()

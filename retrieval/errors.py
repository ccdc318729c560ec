"""Errors of the knowledge room.

RetrievalError
 ├── IndexMissing          nothing was ever ingested
 ├── IndexCorrupt          a generation on disk cannot be read
 ├── IndexUnavailable      the engine does not answer, or not as it should; a copy may answer instead
 ├── PublishFailed         the engine took not all of a new version; the one in force stays
 ├── IngestBusy            another process is ingesting into the same index
 ├── DocumentRefused       one file cannot become entries; carries the reason for the report
 ├── EntryChanged          somebody saved the entry since the editor read it; nothing was written
 ├── EntryUnknown          there is no such entry
 ├── HistoryUnavailable    the record of changes cannot be used, or has no such change
 ├── GapRecordUnavailable  the record of unanswered questions cannot be used
 └── EmbedderError
      ├── EmbedderUnavailable   no answer in time, or the breaker is open: worth a later try
      └── EmbedderRejected      an answer that is not embeddings: a retry would not help
"""


class RetrievalError(Exception):
    """Base of everything this room raises on purpose."""


class IndexMissing(RetrievalError):
    """There is no index yet; ``python -m retrieval ingest knowledge`` makes one."""


class IndexCorrupt(RetrievalError):
    """The current generation is incomplete or of another format."""


class IndexUnavailable(RetrievalError):
    """The engine behind the index cannot be used now; the message says why and what to do.

    ``reason`` is the same in one word, for metrics: ``timeout``, ``connection``, ``tls``, ``credentials``,
    ``rights``, ``answer`` or ``breaker``.
    """

    def __init__(self, message: str, *, reason: str) -> None:
        """Take a sentence for people and a word for counting."""
        super().__init__(message)
        self.reason = reason


class PublishFailed(RetrievalError):
    """A new version could not be completed and was taken away again; nothing was switched."""


class IngestBusy(RetrievalError):
    """The index's writer lock is held by another process."""


class DocumentRefused(RetrievalError):
    """A file that cannot be taken in; the message is the reason, in words for the person who wrote it."""


class EntryChanged(RetrievalError):
    """The entry is of another version than the one that was edited; ``by`` changed it last."""

    def __init__(self, entry_id: str, by: str) -> None:
        """Name the entry and who saved it meanwhile."""
        super().__init__(f"{by} has changed {entry_id} meanwhile")
        self.by = by


class EntryUnknown(RetrievalError):
    """There is no such entry in force."""


class HistoryUnavailable(RetrievalError):
    """The record of changes cannot be read or written, or holds nothing of what is asked."""


class GapRecordUnavailable(RetrievalError):
    """The record of unanswered questions cannot be read or written."""


class EmbedderError(RetrievalError):
    """Texts could not be turned into vectors."""


class EmbedderUnavailable(EmbedderError):
    """The embedding service did not answer, answered with a server error, or the breaker is open."""


class EmbedderRejected(EmbedderError):
    """The embedding service refused the texts or answered with something else than embeddings."""

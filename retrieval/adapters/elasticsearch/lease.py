"""One writer at a time on all machines: a document that only its holder may change, and that runs out by itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from elasticsearch import ApiError, BadRequestError, ConflictError, Elasticsearch, NotFoundError, TransportError

from retrieval.adapters.elasticsearch.connection import translated
from retrieval.errors import IngestBusy

_DURATION = timedelta(minutes=15)  # renewed before publishing; a writer that died blocks others no longer than this
_ID = "writer"


class Lease:
    """The writer's lease of one alias."""

    def __init__(self, client: Elasticsearch, *, alias: str, now: Callable[[], datetime]) -> None:
        """Keep the lease in the index ``<alias>-lock``."""
        self._client = client
        self._index = f"{alias}-lock"
        self._now = now
        self._held: dict[str, Any] | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lease.

        Raises:
            IngestBusy: another writer holds it.
        """
        with translated():
            self._take()
        try:
            yield
        finally:
            self._give_back()

    def renew(self) -> None:
        """Begin the lease's time anew, if it is held.

        Raises:
            IngestBusy: it had run out, and another writer took it.
        """
        if self._held is not None:
            with translated():
                self._write(**self._held)

    def _take(self) -> None:
        with suppress(BadRequestError):  # it exists already
            self._client.indices.create(
                index=self._index, settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"}
            )
        try:
            found = self._client.get(index=self._index, id=_ID)
        except NotFoundError:
            self._write(op_type="create")
            return
        until = datetime.fromisoformat(found["_source"]["until"])
        if until > self._now():
            raise IngestBusy(f"another ingest is writing this index; its claim ends at {until:%H:%M} UTC at the latest")
        self._write(if_seq_no=found["_seq_no"], if_primary_term=found["_primary_term"])

    def _write(self, **condition: Any) -> None:
        until = (self._now() + _DURATION).isoformat()
        try:
            made = self._client.index(index=self._index, id=_ID, document={"until": until}, **condition)
        except ConflictError as error:
            raise IngestBusy("another ingest is writing this index") from error
        self._held = {"if_seq_no": made["_seq_no"], "if_primary_term": made["_primary_term"]}

    def _give_back(self) -> None:
        held, self._held = self._held, None
        with suppress(ApiError, TransportError):  # then it runs out by itself
            self._client.delete(index=self._index, id=_ID, **(held or {}))

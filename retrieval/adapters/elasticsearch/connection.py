"""Clients of Elasticsearch, and its errors in this room's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elastic_transport import NdjsonSerializer, OrjsonSerializer, TlsError, TransportError
from elasticsearch import (
    ApiError,
    AsyncElasticsearch,
    AuthenticationException,
    AuthorizationException,
    ConnectionTimeout,
    Elasticsearch,
    UnsupportedProductError,
)

from retrieval.errors import IndexUnavailable

_JSON, _NDJSON = "application/json", "application/x-ndjson"


class _FastLines(NdjsonSerializer):
    """Lines of JSON by orjson, which takes NumPy's vectors as they are."""

    def json_dumps(self, data: Any) -> bytes:
        return OrjsonSerializer().json_dumps(data)

    def json_loads(self, data: bytes) -> Any:
        return OrjsonSerializer().json_loads(data)


@dataclass(frozen=True, slots=True)
class Address:
    """Where Elasticsearch is and how to get in; ``api_key`` or ``user`` with ``password``, or neither."""

    urls: tuple[str, ...]
    api_key: str = ""
    user: str = ""
    password: str = ""
    ca_file: Path | None = None

    def reader(self, *, timeout: float) -> AsyncElasticsearch:
        """A client for searches: no waiting beyond ``timeout`` seconds, one more try when a connection breaks."""
        return AsyncElasticsearch(**self._options(), request_timeout=timeout, max_retries=1)

    def writer(self, *, timeout: float) -> Elasticsearch:
        """A client for ingest; what ran out of time is not tried again, since it may still be at work."""
        return Elasticsearch(**self._options(), request_timeout=timeout, max_retries=2, retry_on_timeout=False)

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "hosts": list(self.urls),
            "serializers": {_JSON: OrjsonSerializer(), _NDJSON: _FastLines()},
        }
        if self.api_key:
            options["api_key"] = self.api_key
        elif self.user:
            options["basic_auth"] = (self.user, self.password)
        if self.ca_file is not None:
            options["ca_certs"] = str(self.ca_file)
        return options


@contextmanager
def translated() -> Iterator[None]:
    """Turn the client's errors into ``IndexUnavailable``."""
    try:
        yield
    except (ApiError, TransportError, UnsupportedProductError) as error:
        raise unavailable(error) from error


_MESSAGES: tuple[tuple[type[Exception], str, str], ...] = (
    (ConnectionTimeout, "timeout", "Elasticsearch did not answer in time"),
    (
        TlsError,
        "tls",
        (
            "Elasticsearch's certificate is not trusted: name the file of the authority that signed it in "
            "RETRIEVAL_ELASTICSEARCH_CA_FILE, and use https:// only where Elasticsearch does"
        ),
    ),
    (TransportError, "connection", "Elasticsearch cannot be reached: check RETRIEVAL_ELASTICSEARCH_URL"),
    (
        AuthenticationException,
        "credentials",
        (
            "Elasticsearch refuses the credentials: check RETRIEVAL_ELASTICSEARCH_API_KEY, or "
            "RETRIEVAL_ELASTICSEARCH_USER and RETRIEVAL_ELASTICSEARCH_PASSWORD"
        ),
    ),
    (
        AuthorizationException,
        "rights",
        (
            "Elasticsearch does not permit this: on the indices `<alias>*` searching needs read and "
            "view_index_metadata, ingesting manage and write as well"
        ),
    ),
    (UnsupportedProductError, "answer", "what answers at RETRIEVAL_ELASTICSEARCH_URL is not Elasticsearch 8"),
)


def unavailable(error: Exception) -> IndexUnavailable:
    """Why Elasticsearch cannot be used, in words for the person who runs it."""
    for kind, reason, message in _MESSAGES:
        if isinstance(error, kind):
            return IndexUnavailable(message, reason=reason)
    detail = f"{error.status_code}, {error.error}" if isinstance(error, ApiError) else type(error).__name__
    return IndexUnavailable(f"Elasticsearch answered with an error ({detail})", reason="answer")

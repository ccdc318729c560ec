"""Settings of the knowledge room, read once from ``RETRIEVAL_…`` at start."""

import re
from pathlib import Path
from typing import Literal, Self
from zoneinfo import available_timezones

from pydantic import Field, FilePath, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_ALIAS = re.compile(r"[a-z][a-z0-9_-]{0,99}")


class RetrievalSettings(BaseSettings):
    """Where the index lies, who embeds, and how long that may take."""

    model_config = SettingsConfigDict(env_prefix="RETRIEVAL_", extra="ignore", frozen=True)

    backend: Literal["embedded", "elasticsearch"] = Field(
        default="embedded", description="engine of the knowledge index: `embedded` or `elasticsearch`"
    )
    index_dir: Path = Field(
        default=Path("var/index"),
        description="folder of the embedded index; with Elasticsearch, of the copy that answers while it is down",
    )
    elasticsearch_url: str = Field(
        default="http://127.0.0.1:9200", description="address of Elasticsearch 8; several with commas between them"
    )
    elasticsearch_api_key: SecretStr = Field(default=SecretStr(""), description="API key, encoded as Kibana shows it")
    elasticsearch_user: str = Field(default="", description="user name, where there is no API key")
    elasticsearch_password: SecretStr = Field(default=SecretStr(""), description="the user's password")
    elasticsearch_ca_file: FilePath | None = Field(
        default=None, description="certificate of the authority that signed Elasticsearch's own; empty: a public one"
    )
    elasticsearch_alias: str = Field(
        default="frontdesk-knowledge",
        description="alias of the version in force; the versions are `<alias>-<time>-<random>`",
    )
    elasticsearch_timeout_seconds: float = Field(
        default=0.8, gt=0, description="longest wait for Elasticsearch in one search; after it the copy answers"
    )
    elasticsearch_ingest_timeout_seconds: float = Field(
        default=120.0, gt=0, description="longest wait for one request while a version is written or opened"
    )
    elasticsearch_copy: bool = Field(
        default=True, description="with Elasticsearch, an ingest also writes the copy that answers while it is down"
    )
    embedder_url: str = Field(
        default="http://127.0.0.1:8001", description="base URL of the service that answers POST /embed"
    )
    embed_timeout_seconds: float = Field(
        default=0.3, gt=0, description="longest wait for a question's vector; after it the search goes on by words only"
    )
    embed_ingest_timeout_seconds: float = Field(
        default=60.0, gt=0, description="longest wait for one batch of vectors during ingest"
    )
    embed_batch_size: int = Field(default=64, gt=0, description="texts sent to the embedder at once during ingest")
    breaker_failures: int = Field(
        default=5,
        gt=0,
        description="failures in a row after which the embedder, or Elasticsearch, is left alone for a while",
    )
    breaker_pause_seconds: float = Field(default=10.0, gt=0, description="how long it is then left alone")
    calibration: Path | None = Field(
        default=None, description="calibration file to use instead of the shipped one (made by `calibrate`)"
    )
    time_zone: str = Field(
        default="Europe/Dublin", description="zone in which valid_from and valid_until of knowledge files are days"
    )
    max_file_bytes: int = Field(
        default=2 * 1024 * 1024, gt=0, description="Markdown and HTML files larger than this are refused"
    )
    max_document_bytes: int = Field(
        default=50 * 1024 * 1024, gt=0, description="PDF, DOCX, CSV and JSON files larger than this are refused"
    )
    max_unpacked_bytes: int = Field(
        default=200 * 1024 * 1024, gt=0, description="DOCX files that unpack to more than this are refused"
    )
    max_pages: int = Field(default=1000, gt=0, description="PDFs with more pages than this are refused")
    parse_seconds: float = Field(default=60.0, gt=0, description="a file that takes longer to parse is refused")
    company_domains: str = Field(
        default="alderwick.example", description="the company's own e-mail domains, separated by commas"
    )
    company_phones: str = Field(
        default="+353 91 555 0142", description="the company's own telephone numbers with country code, by commas"
    )
    company_addresses: str = Field(
        default="14 Quay Lane", description="first lines of the company's own addresses, separated by semicolons"
    )
    phone_region: str = Field(default="IE", description="country whose telephone numbers come without a country code")
    history: Path | None = Field(
        default=None, description="file of the record of changes; empty: beside the index, as `<index>-history.db`"
    )
    gaps: Path = Field(default=Path("var/unanswered.db"), description="file of the questions that found nothing")
    gaps_days: int = Field(default=90, gt=0, description="unanswered questions are kept for so many days")
    gaps_most: int = Field(default=20_000, gt=0, description="and no more than so many of them")

    @field_validator("elasticsearch_alias")
    @classmethod
    def _is_an_index_name(cls, alias: str) -> str:
        if not _ALIAS.fullmatch(alias):
            raise ValueError("lower-case letters, digits, - and _ only, beginning with a letter")
        return alias

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no IANA time zone; write it as Europe/Dublin")
        return value

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.elasticsearch_api_key.get_secret_value() and self.elasticsearch_user:
            raise ValueError("RETRIEVAL_ELASTICSEARCH_API_KEY and RETRIEVAL_ELASTICSEARCH_USER exclude each other")
        return self

"""The gateway's settings, read once at start from ``DESK_…``."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SHORTEST_SECRET = 16


class DeskSettings(BaseSettings):
    """How the gateway listens, what it keeps where, and what it allows."""

    model_config = SettingsConfigDict(env_prefix="DESK_", frozen=True, extra="ignore")

    environment: Literal["development", "production"] = Field(
        default="development",
        description="production closes `POST /demo/sign-in` and an unprotected REST door, and demands real secrets.",
    )
    host: str = Field(default="127.0.0.1", description="Address it listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port it listens on.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="Least level logged.")
    database_url: str = Field(
        default="sqlite:///var/desk.db",
        description="SQLAlchemy URL: sqlite:///path for one gateway, postgresql+psycopg://user:password@host/name.",
        repr=False,  # may carry a password
    )
    database_timeout_seconds: float = Field(
        default=5.0, gt=0, le=60, description="Longest wait for a connection, a lock or one statement."
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "Secret shared with Rasa and the action server, sent as `x-frontdesk-secret`; required, at least 16 "
            "characters. `make run` makes a random one and keeps it in `var/secrets.env`."
        ),
    )
    rasa_urls: str = Field(
        default="http://127.0.0.1:5005",
        description="Base addresses of the Rasa processes, with commas; several need PostgreSQL as tracker store.",
    )
    turn_timeout_seconds: float = Field(
        default=25.0, gt=0, le=300, description="Longest wait for Rasa's answer to one try of a turn."
    )
    parallel_turns: int = Field(default=16, ge=1, le=500, description="Turns that one gateway has running at a time.")
    lease_seconds: float = Field(
        default=10.0, gt=0, le=300, description="After this time without a sign of life another gateway takes over."
    )
    tell_after_seconds: float = Field(
        default=8.0,
        gt=0,
        le=60,
        description="A customer who waits longer for an answer is told so, and offered a person.",
    )
    give_up_after_seconds: float = Field(
        default=180.0,
        gt=0,
        description="How long a message is tried while a neighbour is down; then it is a dead letter.",
    )
    allowed_origins: str = Field(
        default="", description="Origins of the websites that carry the widget, with commas; empty: this one only."
    )
    trusted_proxies: str = Field(
        default="127.0.0.1", description="Addresses whose X-Forwarded-For is believed, with commas."
    )
    redis_url: str = Field(
        default="",
        description="Redis for the limits of several gateways; empty: each counts in its own memory.",
        repr=False,
    )
    messages_per_conversation: str = Field(
        default="10/10second; 60/5minute", description="Limit of messages in one conversation (notation of `limits`)."
    )
    requests_per_address: str = Field(
        default="300/minute", description="Limit of requests from one address, streams and files included."
    )
    conversations_per_address: str = Field(
        default="20/minute; 200/hour", description="Limit of new conversations from one address."
    )
    messages_overall: str = Field(default="500/second", description="Limit of messages over all conversations.")
    streams_per_conversation: int = Field(default=4, ge=1, description="Most open event streams of one conversation.")
    streams_overall: int = Field(default=10_000, ge=1, description="Most open event streams of one gateway.")
    message_characters: int = Field(default=4000, ge=1, le=4000, description="Longest message.")
    attachment_bytes: int = Field(default=10_000_000, ge=1, description="Largest file a customer may send.")
    attachments_per_conversation: int = Field(default=20, ge=0, description="Most files of one conversation; 0: none.")
    attachments_dir: Path = Field(default=Path("var/attachments"), description="Where customers' files lie.")
    identity_secrets: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "Secrets (HS256) with which the website signs its customers in, with commas, newest first; each at least "
            "32 characters. `make run` makes one for the demo shop."
        ),
    )
    identity_jwks: Path | None = Field(
        default=None, description="JWKS file with the website's public keys (RS256), for rotation chosen by `kid`."
    )
    identity_audience: str = Field(default="frontdesk", description="Audience (aud) of those tokens.")
    rest_token: SecretStr = Field(
        default=SecretStr(""),
        description="Bearer token of `POST /webhooks/rest/webhook`; without one that door is open in development only.",
    )
    company: Path = Field(
        default=Path("desk/company.yml"),
        description="The company's name, greeting and opening hours.",
        repr=False,
    )
    sentences: Path = Field(
        default=Path("desk/sentences.yml"),
        description="What the gateway itself says to customers.",
        repr=False,
    )
    queue_minutes: float = Field(
        default=10.0,
        gt=0,
        description="How long a customer waits for a person before being told and given back to the bot.",
    )
    resume_hours: float = Field(
        default=72.0, gt=0, description="How long after its last message, or its end, a conversation can be resumed."
    )
    retention_days: float = Field(
        default=180.0, gt=0, description="Conversations are erased this long after their last message."
    )
    retention_closed_days: float = Field(
        default=90.0, gt=0, description="Ended conversations are erased this long after their last message."
    )

    @model_validator(mode="after")
    def _secrets_are_secret(self) -> Self:
        secret = self.secret.get_secret_value()
        if len(secret) < _SHORTEST_SECRET:
            raise ValueError("DESK_SECRET must be set, to at least 16 characters (`make run` makes one)")
        if self.environment == "production" and len(set(secret)) < _SHORTEST_SECRET // 2:
            raise ValueError("DESK_SECRET looks like a placeholder; make one with `openssl rand -hex 32`")
        return self

    def addresses_of_rasa(self) -> list[str]:
        """Base addresses without a slash at the end."""
        return [url.strip().rstrip("/") for url in self.rasa_urls.split(",") if url.strip()]

    def origins(self) -> list[str]:
        """Origins that may read answers from a browser."""
        return [origin.strip().rstrip("/") for origin in self.allowed_origins.split(",") if origin.strip()]

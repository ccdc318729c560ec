"""The gateway's settings, read once at start from ``DESK_…``."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from desk.accounts.model import Role

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
    actions_url: str = Field(
        default="",
        description=(
            "Webhook of the action server, `ACTIONS_URL` of Rasa: it suggests answers to agents, translates and keeps "
            "approved answers; empty: agents get the knowledge's own words only."
        ),
    )
    actions_secret: SecretStr = Field(default=SecretStr(""), description="`ACTIONS_SECRET`, shown to it.")
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
    tracker_url: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "SQLAlchemy URL of Rasa's tracker store, from which transcripts are read (only); empty: no review. "
            "`make run` derives it from `RASA_TRACKER_…`."
        ),
    )
    intent_service_url: str = Field(
        default="http://127.0.0.1:8001",
        description="Base address of the intent service, asked whether the model in use has learnt the corrections.",
    )
    nlu_data: Path = Field(
        default=Path("data/nlu"),
        description="Training data that corrections are compared with and exported to.",
    )
    domain: Path = Field(default=Path("domain"), description="Rasa's domain: which intents and entities there are.")
    held_back: str = Field(
        default="tests/evaluation,tests/conversations",
        description="Folders of sentences that measure the model and are never exported as examples, with commas.",
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
    sign_ins_per_address: str = Field(
        default="20/minute; 100/hour", description="Limit of sign-ins to the console from one address, failed or not."
    )
    sign_ins_per_account: str = Field(
        default="5/minute; 20/hour",
        description="Limit of failed sign-ins to one account of the console from one address.",
    )
    sign_ins_per_account_overall: str = Field(
        default="200/hour; 1000/day",
        description="Limit of failed sign-ins to one account from all addresses; a low one lets strangers lock it.",
    )
    session_idle_hours: float = Field(
        default=12.0, gt=0, description="A session of the console that is not used for so long is over."
    )
    session_hours: float = Field(default=24 * 7.0, gt=0, description="No session of the console lasts longer.")
    public_url: str = Field(
        default="", description="Address under which browsers reach the console; needed with `DESK_OIDC_ISSUER`."
    )
    oidc_issuer: str = Field(
        default="",
        description="OpenID Connect provider that staff may sign in with, exactly as it names itself; empty: none.",
    )
    oidc_client_id: str = Field(default="", description="How the provider knows the console.")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="How the console proves it.")
    oidc_name: str = Field(default="your company's sign-in", description="The provider's name on the sign-in page.")
    oidc_domains: str = Field(
        default="",
        description=(
            "E-mail domains, with commas, whose people get an account by signing in at the provider; empty: an admin "
            "makes every account first."
        ),
    )
    oidc_role: Role = Field(default=Role.AGENT, description="Role of the accounts that are made so; never `admin`.")
    agent_grace_seconds: float = Field(
        default=120.0,
        gt=0,
        description="After this time without a sign of an agent's console their conversations go back to the queue.",
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
            raise ValueError(
                "DESK_SECRET must be set, to at least 16 characters; `make run` makes one, and "
                '`make command ARGS="desk …"` runs a command with it'
            )
        if self.environment == "production" and len(set(secret)) < _SHORTEST_SECRET // 2:
            raise ValueError("DESK_SECRET looks like a placeholder; make one with `openssl rand -hex 32`")
        return self

    @model_validator(mode="after")
    def _sign_on_is_whole(self) -> Self:
        if not self.oidc_issuer:
            return self
        if not (self.oidc_client_id and self.oidc_client_secret.get_secret_value() and self.public_url):
            raise ValueError(
                "DESK_OIDC_ISSUER also needs DESK_OIDC_CLIENT_ID, DESK_OIDC_CLIENT_SECRET, DESK_PUBLIC_URL"
            )
        if self.oidc_role is Role.ADMIN:
            raise ValueError("DESK_OIDC_ROLE cannot be admin: admins are made by admins")
        addresses = (self.oidc_issuer, self.public_url)
        if self.environment == "production" and not all(one.startswith("https://") for one in addresses):
            raise ValueError("DESK_OIDC_ISSUER and DESK_PUBLIC_URL must begin with https:// in production")
        return self

    def domains_of_newcomers(self) -> frozenset[str]:
        """Domains whose people get an account by signing in at the provider."""
        return frozenset(one.strip().casefold() for one in self.oidc_domains.split(",") if one.strip())

    def addresses_of_rasa(self) -> list[str]:
        """Base addresses without a slash at the end."""
        return [url.strip().rstrip("/") for url in self.rasa_urls.split(",") if url.strip()]

    def origins(self) -> list[str]:
        """Origins that may read answers from a browser."""
        return [origin.strip().rstrip("/") for origin in self.allowed_origins.split(",") if origin.strip()]

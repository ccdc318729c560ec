"""The back office's settings, read once at start from ``BACKOFFICE_…``."""

from datetime import timedelta
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import holidays
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backoffice.model.access import AccessRules, GateLimit
from backoffice.model.code import CodeRules


class BackofficeSettings(BaseSettings):
    """Where the data base is, how access is guarded, and the company's own clock and links."""

    model_config = SettingsConfigDict(env_prefix="BACKOFFICE_", frozen=True, extra="ignore")

    database_url: str = Field(
        default="sqlite:///var/backoffice.db",
        description="SQLAlchemy URL: sqlite:///path or postgresql+psycopg://user:password@host/name.",
        repr=False,  # may carry a password
    )
    database_timeout_seconds: float = Field(
        default=5.0, gt=0, le=60, description="Longest wait for a connection, a lock or one statement."
    )
    verification_minutes: int = Field(
        default=30, gt=0, le=1440, description="How long a conversation stays verified, in minutes."
    )
    tries: int = Field(
        default=3, gt=0, le=10, description="Wrong tries (order number and e-mail) a conversation may make."
    )
    lock_minutes: int = Field(
        default=30, gt=0, description="How long a conversation waits after its last wrong try, in minutes."
    )
    throttle_failures: int = Field(
        default=10,
        gt=0,
        description="Wrong tries at one order number, or with one e-mail, over all conversations before it waits.",
    )
    throttle_minutes: int = Field(
        default=60,
        gt=0,
        description="The time in which those wrong tries count, and the wait that follows, in minutes.",
    )
    timezone: str = Field(default="Europe/Dublin", description="IANA time zone of the company's calendar days.")
    holidays_country: str = Field(
        default="IE", description="ISO 3166 country whose public holidays are not working days."
    )
    tracking_url: str = Field(
        default="https://track.alderwick.example/{tracking_number}",
        description="Link to a parcel; {tracking_number} is filled in.",
    )

    code_minutes: int = Field(default=10, gt=0, le=60, description="How long a one-time code holds, in minutes.")
    code_tries: int = Field(default=5, gt=0, le=10, description="Tries at one code.")
    code_pause_seconds: int = Field(default=60, ge=0, description="Shortest time between two codes, in seconds.")
    code_sends: int = Field(default=3, gt=0, description="Codes a conversation may ask for in half an hour.")
    code_sends_per_address: int = Field(
        default=6, gt=0, description="Codes that may go to one address in an hour, over all conversations."
    )
    confirmed_minutes: int = Field(
        default=20,
        gt=0,
        le=240,
        description="How long a conversation may change things after a right code, in minutes.",
    )
    token_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Secret shared with the website, which signs its customers in by HS256 tokens; none: no tokens.",
    )
    token_audience: str = Field(default="frontdesk", description="The tokens' audience (aud).")
    mail: Literal["folder", "smtp"] = Field(
        default="folder", description="Where letters to customers go: .eml files in a folder, or a mail server."
    )
    mailbox: Path = Field(default=Path("var/mailbox"), description="The folder for those .eml files.")
    mail_from: str = Field(default="Alderwick <help@alderwick.example>", description="Sender of those letters.")
    smtp_host: str = Field(default="localhost", description="The mail server.")
    smtp_port: int = Field(default=587, gt=0, le=65535, description="Its port: 587 with STARTTLS, 465 with TLS.")
    smtp_security: Literal["tls", "starttls", "none"] = Field(
        default="starttls", description="How the connection is protected; none only inside one machine."
    )
    smtp_user: str | None = Field(default=None, description="Account at the mail server, if it wants one.")
    smtp_password: SecretStr | None = Field(default=None, description="That account's password.")
    smtp_timeout_seconds: float = Field(default=10.0, gt=0, le=120, description="Longest wait for the mail server.")
    tickets: Literal["local", "zendesk"] = Field(
        default="local", description="Where people work on tickets; zendesk: kept here first, then handed on."
    )
    zendesk_url: str = Field(
        default="", description="https://<your name>.zendesk.com; needed with BACKOFFICE_TICKETS=zendesk."
    )
    zendesk_user: str = Field(default="", description="E-mail address of the agent whom the API token belongs to.")
    zendesk_token: SecretStr | None = Field(default=None, description="That API token.")
    zendesk_timeout_seconds: float = Field(default=5.0, gt=0, le=60, description="Longest wait for one answer.")
    zendesk_every_seconds: float = Field(
        default=30.0, gt=0, le=3600, description="How often what Zendesk has not taken is tried again."
    )
    shop: Literal["sql", "http"] = Field(
        default="sql", description="Whose customers and orders: the back office's own tables, or a shop over HTTP."
    )
    shop_url: str = Field(
        default="", description="Where the shop serves docs/shop-api.openapi.json; needed with BACKOFFICE_SHOP=http."
    )
    shop_token: SecretStr | None = Field(default=None, min_length=16, description="Bearer token for that shop.")
    shop_timeout_seconds: float = Field(default=3.0, gt=0, le=30, description="Longest wait for one answer of it.")
    photo_url: str = Field(
        default="https://www.alderwick.example/damage?claim={claim}",
        description="Page where pictures are handed in; {claim} is filled in.",
    )

    @model_validator(mode="after")
    def _neighbours_are_named(self) -> Self:
        if self.tickets == "zendesk" and not (self.zendesk_url and self.zendesk_user and self.zendesk_token):
            raise ValueError("tickets=zendesk needs zendesk_url, zendesk_user and zendesk_token")
        if self.shop == "http" and not (self.shop_url and self.shop_token):
            raise ValueError("shop=http needs shop_url and shop_token")
        return self

    @field_validator("zendesk_url", "shop_url")
    @classmethod
    def _keeps_secrets_secret(cls, value: str) -> str:
        """Plain HTTP would show the token to everybody on the way; inside one machine there is no way."""
        url = urlsplit(value)
        if value and url.scheme != "https" and url.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError("must be https://")
        return value

    @field_validator("photo_url")
    @classmethod
    def _names_the_claim(cls, value: str) -> str:
        if "{claim}" not in value:
            raise ValueError("must contain {claim}")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no IANA time zone")
        return value

    @field_validator("holidays_country")
    @classmethod
    def _known_country(cls, value: str) -> str:
        if value not in holidays.list_supported_countries():
            raise ValueError("is no country whose public holidays are known")
        return value

    @field_validator("tracking_url")
    @classmethod
    def _names_the_parcel(cls, value: str) -> str:
        if "{tracking_number}" not in value:
            raise ValueError("must contain {tracking_number}")
        return value

    def code_rules(self) -> CodeRules:
        """The limits of one-time codes."""
        half_an_hour, an_hour = timedelta(minutes=30), timedelta(minutes=60)
        return CodeRules(
            holds=timedelta(minutes=self.code_minutes),
            tries=self.code_tries,
            pause=timedelta(seconds=self.code_pause_seconds),
            conversation=GateLimit(self.code_sends, closed_for=half_an_hour, window=half_an_hour),
            address=GateLimit(self.code_sends_per_address, closed_for=an_hour, window=an_hour),
            confirmed=timedelta(minutes=self.confirmed_minutes),
        )

    def access_rules(self) -> AccessRules:
        """The limits as the access rules take them."""
        throttle = timedelta(minutes=self.throttle_minutes)
        across = GateLimit(self.throttle_failures, closed_for=throttle, window=throttle)
        return AccessRules(
            conversation=GateLimit(self.tries, closed_for=timedelta(minutes=self.lock_minutes)),
            order=across,
            email=across,
            lasts=timedelta(minutes=self.verification_minutes),
        )

"""The back office's settings, read once at start from ``BACKOFFICE_…``."""

from datetime import timedelta
from zoneinfo import available_timezones

import holidays
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backoffice.model.access import AccessRules, GateLimit


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

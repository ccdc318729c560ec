"""Settings of the action server."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once at start from ``ACTIONS_*``."""

    model_config = SettingsConfigDict(env_prefix="ACTIONS_", frozen=True, extra="ignore")

    host: str = Field(default="127.0.0.1", description="Address the action server listens on.")
    port: int = Field(default=5055, ge=1, le=65535, description="Port the action server listens on.")
    secret: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "Shared secret that Rasa sends as `x-frontdesk-secret`; required. `make run` makes a random one and "
            "keeps it in `var/secrets.env`."
        ),
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

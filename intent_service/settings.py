"""Settings of the intent service, read once at start from ``INTENT_SERVICE_*``."""

from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class IntentServiceSettings(BaseSettings):
    """How the service listens, what it loads and what it accepts."""

    model_config = SettingsConfigDict(env_prefix="INTENT_SERVICE_", frozen=True, extra="ignore")

    host: str = Field(default="127.0.0.1", description="address it listens on")
    port: int = Field(default=8001, ge=1, le=65535, description="port it listens on")
    models_dir: Path = Field(default=Path("models"), description="folder with `intent/` and `encoder/`")
    engine: Literal["onnx", "dummy"] = Field(
        default="onnx", description="`onnx` serves the trained model, `dummy` needs no weights (tests, front ends)"
    )
    threads: int = Field(
        default=0,
        ge=0,
        le=64,
        description="threads of each of the two encoders; 0 shares the cores between them, at most 4 each",
    )
    max_texts: int = Field(default=64, ge=1, description="most texts in one request")
    max_characters: int = Field(default=4000, ge=1, description="longest text, in characters")
    max_batch: int = Field(default=32, ge=1, description="most texts that share a forward pass")
    queue_texts: int = Field(default=256, ge=1, description="most texts waiting; beyond it requests get 429")
    phone_region: str = Field(default="IE", description="country whose phone numbers come without a country code")
    timezone: str = Field(default="Europe/Dublin", description='time zone that "tomorrow" is counted in')
    admin_token: SecretStr = Field(
        default=SecretStr(""), description="token that `POST /models/activate` demands; empty closes that route"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="least level logged")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no IANA time zone; write it as Europe/Dublin")
        return value

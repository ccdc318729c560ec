"""Settings of the action server."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from answering.settings import LanguageModelSettings

SPARE_SECONDS = 2.0
"""What an action needs beside the language model: searching, the back office, the way there and back."""


class Settings(BaseSettings):
    """Read once at start from ``ACTIONS_*``."""

    model_config = SettingsConfigDict(env_prefix="ACTIONS_", frozen=True, extra="ignore", populate_by_name=True)

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
    rasa_waits_seconds: float = Field(
        default=15.0,
        gt=0,
        validation_alias="FRONTDESK_ACTION_TIMEOUT_S",
        description="How long Rasa waits for an action; Rasa reads the same variable, so set it for both.",
    )

    def demand_time_for(self, llm: LanguageModelSettings) -> None:
        """A generated answer must come while Rasa still waits, or the customer would be told of a failure instead.

        Raises:
            ValueError: it might not.
        """
        if llm.provider != "off" and llm.seconds + SPARE_SECONDS > self.rasa_waits_seconds:
            raise ValueError(
                f"ANSWERING_LLM_SECONDS ({llm.seconds:g}) must be at least {SPARE_SECONDS:g} s below "
                f"FRONTDESK_ACTION_TIMEOUT_S ({self.rasa_waits_seconds:g})."
            )


class DeskSettings(BaseSettings):
    """How the desk is reached, where one runs."""

    model_config = SettingsConfigDict(env_prefix="DESK_", frozen=True, extra="ignore")

    url: str = Field(
        default="",
        description="Address of the desk, which brings a colleague into the chat. Empty: a handoff becomes a ticket.",
    )
    secret: SecretStr = Field(
        default=SecretStr(""), description="Shared secret that the action server sends to the desk."
    )
    handoff_timeout_seconds: float = Field(
        default=1.5,
        gt=0,
        description="Longest wait for the desk to take a handoff, twice at most; then it is a ticket.",
    )

"""Settings of the answering room, read once from ``ANSWERING_…`` at start."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class AnsweringSettings(BaseSettings):
    """Where the ladder's rungs begin."""

    model_config = SettingsConfigDict(env_prefix="ANSWERING_", extra="ignore", frozen=True)

    answer_at: float = Field(
        default=0.75, ge=0, le=1, description="relevance from which the best entry is the answer, as it stands"
    )
    suggest_at: float = Field(
        default=0.25, ge=0, le=1, description="relevance from which an entry is offered as 'did you mean'"
    )
    suggest_at_in_scope: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description="the same for a message whose intent is known: what the shop is asked deserves a weaker suggestion",
    )
    most_suggestions: int = Field(default=3, ge=0, le=10, description="largest number of 'did you mean' buttons")

    most_material: int = Field(
        default=3, ge=1, le=5, description="largest number of near entries a language model writes an answer from"
    )

    cache_size: int = Field(default=2000, ge=0, description="answers kept ready for frequent questions; 0 keeps none")
    cache_seconds: float = Field(
        default=300.0, gt=0, description="longest time an answer is kept; one that has expired is never told anyway"
    )
    approved: Path = Field(default=Path("var/approved.db"), description="file of the answers that staff approved")
    approved_near_at: float = Field(
        default=0.55, ge=0, le=1, description="cosine from which a question with the same words is an approved one"
    )

    @model_validator(mode="after")
    def _rungs_in_order(self) -> "AnsweringSettings":
        if self.suggest_at > self.answer_at:
            raise ValueError("ANSWERING_SUGGEST_AT must not be above ANSWERING_ANSWER_AT")
        return self


LlmProvider = Literal["openai", "anthropic"]


class LanguageModelSettings(BaseSettings):
    """Which language model writes answers, and how much time and money it may take."""

    model_config = SettingsConfigDict(
        env_prefix="ANSWERING_LLM_", extra="ignore", frozen=True, populate_by_name=True, hide_input_in_errors=True
    )

    provider: Literal["off", "openai", "anthropic"] = Field(
        default="off",
        validation_alias="ANSWERING_LLM",
        description="who writes an answer when no entry is one: `off` (nobody), `openai` (or a server that speaks its "
        "protocol) or `anthropic`",
    )
    key: SecretStr = Field(default=SecretStr(""), description="the provider's API key; a local server needs none")
    model: str = Field(default="", description="the model's name; empty is gpt-4.1 or claude-sonnet-4-6")
    base_url: str = Field(
        default="",
        description="address of another server with the provider's protocol, such as http://127.0.0.1:11434/v1",
    )
    reader_model: str = Field(
        default="auto",
        description="model of the same provider that reads each generated answer once more beside its sources and can "
        "only object; `auto` is gpt-4.1-mini or claude-haiku-4-5 at the provider itself, and none behind another "
        "address; `off` is none",
    )
    reader_seconds: float = Field(
        default=4.0, gt=0, le=15, description="time for that reading; without one in time the answer is not told"
    )
    moderation: bool = Field(
        default=False,
        description="whether OpenAI's moderation is asked about each answer before it is told (provider `openai` only)",
    )
    fallback: Literal["off", "openai", "anthropic"] = Field(
        default="off", description="provider that is asked when the first one gives no answer"
    )
    fallback_key: SecretStr = Field(default=SecretStr(""), description="its key; empty takes the first one's")
    fallback_model: str = Field(default="", description="its model")
    fallback_base_url: str = Field(default="", description="its address")
    temperature: float | None = Field(
        default=0.2,
        ge=0,
        le=2,
        description="how freely an OpenAI model writes; empty for models that take no temperature",
    )

    seconds: float = Field(
        default=12.0, gt=0, le=30,
        description="time for a whole generated answer with tools, tries and repair; Rasa waits longer for an action",
    )  # fmt: skip
    summary_seconds: float = Field(
        default=4.0, ge=0, le=10,
        description="time for the summary that a model writes when a person takes over; 0 leaves it to the template",
    )  # fmt: skip
    summary_prompt: str = Field(
        default="1", description="version of that summary's instructions (file of `answering/prompts/handoff/`)"
    )
    first_word_seconds: float = Field(default=5.0, gt=0, description="time until an answer must have begun")
    breaker_failures: int = Field(
        default=5, ge=1, description="failed calls in a row after which a provider is left alone for a while"
    )
    breaker_seconds: float = Field(default=15.0, gt=0, description="how long it is left alone")
    concurrency: int = Field(default=8, ge=1, description="calls under way at once, in one process")

    day_tokens: int = Field(
        default=5_000_000, ge=0, description="most tokens a day (UTC), over all processes; 0: no limit"
    )
    day_usd: float = Field(default=20.0, ge=0, description="most US dollars a day; 0: no limit")
    conversation_tokens: int = Field(
        default=60_000, ge=0, description="most tokens a conversation and day; 0: no limit"
    )
    conversation_usd: float = Field(
        default=0.5, ge=0, description="most US dollars a conversation and day; 0: no limit"
    )
    ledger: Path = Field(default=Path("var/llm-spending.db"), description="file in which spending is counted")
    prices: Path | None = Field(
        default=None, description="price table to count by instead of `answering/llm/prices.toml`"
    )

    prompts: str = Field(
        default="1",
        description="version of the prompts (folder of `answering/prompts/`); `1:50,2:50` gives each conversation one",
    )
    company: Path | None = Field(
        default=None, description="profile of the company instead of `answering/prompts/company.toml`"
    )
    history_tokens: int = Field(
        default=1200, ge=0, le=8000, description="what of the conversation before is sent along, at most"
    )

    @field_validator("temperature", "prices", "company", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _key_where_one_is_needed(self) -> Self:
        asked = [(self.provider, self.key, self.base_url, "KEY")]
        asked.append((self.fallback, self.fallback_key or self.key, self.fallback_base_url, "FALLBACK_KEY"))
        for provider, key, base_url, name in asked:
            if provider != "off" and not key.get_secret_value() and not base_url:
                raise ValueError(f"ANSWERING_LLM_{name} is empty: {provider} needs a key")
        return self


class McpSettings(BaseSettings):
    """How other assistants reach the tools."""

    model_config = SettingsConfigDict(env_prefix="ANSWERING_MCP_", extra="ignore", frozen=True)

    host: str = Field(default="127.0.0.1", description="address `python -m answering.mcp` listens on")
    port: int = Field(default=8300, ge=1, le=65535, description="port it listens on")
    token: SecretStr = Field(
        default=SecretStr(""),
        description="what callers send as `Authorization: Bearer …`; required, 16 characters or more",
    )
    proposals: bool = Field(
        default=False, description="offer the tools that propose a change, too; without it only those that read"
    )

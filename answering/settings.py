"""Settings of the answering room, read once from ``ANSWERING_…`` at start."""

from pathlib import Path

from pydantic import Field, model_validator
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

"""HTTP bodies. The results mirror ``contracts.nlu``; a test holds both together."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """Base of what callers send: a key that is not known is a mistake, and is said."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ClassifyBody(Body):
    """One text or many, never both."""

    text: str | None = Field(default=None, description="one message")
    texts: list[str] | None = Field(default=None, description="several messages")


class EmbedBody(Body):
    """Texts to embed."""

    texts: list[str] = Field(description="one or more texts")


class ActivateBody(Body):
    """The version to load; it becomes current for the next start too."""

    version: str = Field(min_length=1, max_length=100)


Chance = Annotated[float, Field(ge=0, le=1)]


class IntentScoreOut(BaseModel):
    """One intent and its calibrated probability."""

    name: str
    confidence: Chance


class EntityOut(BaseModel):
    """A span of the message and its normalised value."""

    entity: str
    value: Any
    start: int
    end: int
    extractor: str


class ScopeOut(BaseModel):
    """Whether the message is one of the trained intents."""

    in_scope: bool
    score: Chance
    threshold: Chance


class SegmentOut(BaseModel):
    """One request inside the message."""

    text: str
    start: int
    end: int
    intent: IntentScoreOut
    ranking: list[IntentScoreOut]


class LanguageOut(BaseModel):
    """ISO 639-1 code or ``und``."""

    code: str
    confidence: Chance


class ClassifyResultOut(BaseModel):
    """What is said of one text."""

    intent: IntentScoreOut
    ranking: list[IntentScoreOut]
    scope: ScopeOut
    entities: list[EntityOut]
    segments: list[SegmentOut]
    sentiment: float = Field(ge=-1, le=1)
    urgency: Literal["low", "medium", "high"]
    language: LanguageOut


class ClassifyAnswer(BaseModel):
    """One result a text, in their order."""

    results: list[ClassifyResultOut]
    model: str = Field(description="version of the model that judged")
    timings_ms: dict[str, float]


class EmbedAnswer(BaseModel):
    """One unit vector a text, in their order."""

    embeddings: list[list[float]]
    model: str
    dimensions: int


class StatusAnswer(BaseModel):
    """A single word."""

    status: Literal["ok", "ready"]


class InfoAnswer(BaseModel):
    """The loaded model and the limits of this service."""

    model: str
    engine: str
    labels: list[str]
    scope_threshold: Chance
    created: str
    data_fingerprint: str
    examples: int
    metrics: dict[str, float]
    embedding_model: str
    limits: dict[str, int]


class ActivateAnswer(BaseModel):
    """The version now in use and the one before."""

    model: str
    previous: str


class ErrorDetail(BaseModel):
    """What went wrong."""

    type: str
    message: str
    request_id: str


class ErrorAnswer(BaseModel):
    """The body of every error."""

    error: ErrorDetail

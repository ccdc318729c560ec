"""A customer's question and the answer to it, as the ladder sees them."""

from dataclasses import dataclass
from typing import Literal

AnswerKind = Literal["approved", "entry", "generated", "did_you_mean", "none"]
GeneratedOutcome = Literal["answered", "asked_back", "offered", "handed_over", "finished"]
ProposalKind = Literal["show_order", "return_item", "open_ticket", "ask_colleague", "hand_over"]

TOLD = frozenset({"approved", "entry"})
"""Rungs whose text is told as it stands, with its source."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message of the conversation before this question; ``about`` names what a bot's message did, if known."""

    speaker: Literal["customer", "bot", "agent"]
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What the customer wrote and what is known around it.

    ``intent`` is the classifier's best guess (None or ``nlu_fallback`` when it has none), ``nlu_status`` is
    ``"ok"`` or ``"down"``. ``audience`` holds what this customer may be told: ``{"public"}``, or with
    ``"customer"`` once verified; ``staff`` never comes from a customer's conversation. ``refers_to`` is the
    question before, when this one seems to lean on it. ``history`` is the conversation before, oldest first; only a
    language model reads it. ``waited`` are the seconds the customer has waited already: a message with several
    questions has the time of one.
    """

    text: str
    conversation_id: str = ""
    message_id: str = ""
    intent: str | None = None
    intent_confidence: float = 0.0
    nlu_status: str = "ok"
    audience: frozenset[str] = frozenset({"public"})
    locale: str = "en"
    refers_to: str | None = None
    history: tuple[Exchange, ...] = ()
    waited: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer comes from; ``path`` leads through a manual's headings."""

    entry_id: str
    title: str
    path: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button: its label (at most 60 characters) and the message it sends."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something the customer may want done next. It is done by its own journey in the dialogue, or not at all."""

    kind: ProposalKind
    order_number: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A model's judgement on the conversation; ``satisfaction`` from 1 (angry) to 5 (happy)."""

    kind: Literal["hand_over", "finished"]
    resolved: bool = False
    satisfaction: int | None = None


@dataclass(frozen=True, slots=True)
class Generated:
    """How a language model took part in an answer, for its record: which prompts, which model, what came of it."""

    prompt: str
    model: str
    outcome: GeneratedOutcome
    proposals: tuple[Proposal, ...] = ()
    ending: Ending | None = None
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the ladder found. ``text`` is Markdown; the source line is the caller's to write from ``citations``.

    ``relevance`` is the calibrated probability of the best candidate, 0 when there was none, also when it was
    too low to be told. ``dense`` is False when the search had to do without vectors. ``generated`` is there when a
    language model took part, also where it only said that it does not know (kind ``none``). ``sentence`` is True
    where ``text`` is only one sentence of an entry that was told before.
    """

    kind: AnswerKind
    text: str = ""
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    relevance: float = 0.0
    dense: bool = True
    generated: Generated | None = None
    sentence: bool = False

    @property
    def entry_ids(self) -> frozenset[str]:
        """The entries it rests on."""
        return frozenset(citation.entry_id for citation in self.citations)

"""What a journey is: its fields, the access it needs, and what it does in the end."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from actions.turn import Turn
from backoffice.bootstrap import Backoffice
from backoffice.model.act import Act, Done, Plan, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.order_view import OrderView

ORDER_NUMBER, EMAIL, AGREED, CODE, RETRY = "order_number", "email", "agreed", "code", "retry"
PLAN, CODE_SENT, OPENING = "plan", "code_sent", "opening"
TRIED_NUMBER, TRIED_EMAIL, TRIES_LEFT = "tried_order_number", "tried_email", "tries_left"
LAST_ORDER, LAST_JOURNEY, DONE_PLAN = "last_order", "last_journey", "done_plan"
NO = "no"
"""Value of ``agreed`` when the customer said no; otherwise it holds the id of the message that said yes."""

SHARED = (ORDER_NUMBER, EMAIL, AGREED, CODE, RETRY, PLAN, CODE_SENT, OPENING, TRIED_NUMBER, TRIED_EMAIL, TRIES_LEFT)
"""Slots that belong to whichever journey runs; they wait with a journey that is interrupted."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A customer's words as a field reads them."""

    text: str
    intent: str | None = None
    entities: Mapping[str, str] = field(default_factory=dict)
    asked: str | None = None
    """The slot that was the open question, if the words are an answer."""

    @classmethod
    def of(cls, turn: Turn) -> "Heard":
        return cls(
            text="" if turn.text.startswith("/") else turn.text,
            intent=turn.intent,
            entities=dict(reversed(turn.named)),
            asked=turn.requested_slot,
        )


@dataclass
class Case:
    """One run of a journey: what is known so far, and who asks. Everything that blocks runs in a thread."""

    turn: Turn
    backoffice: Backoffice
    values: dict[str, Any]
    now: datetime

    def __getitem__(self, slot: str) -> Any:
        return self.values.get(slot)

    @property
    def conversation_id(self) -> str:
        return self.turn.conversation_id

    @property
    def level(self) -> Level:
        """Asked of the back office each time: a slot is never proof."""
        return self.backoffice.access.level(self.conversation_id)

    @cached_property
    def orders(self) -> tuple[OrderView, ...]:
        """The verified customer's orders, newest first; nobody's are empty."""
        return self.backoffice.orders.orders_of(self.conversation_id)

    @property
    def order(self) -> OrderView | None:
        """The order the journey is about, if it is the verified customer's."""
        return next((order for order in self.orders if order.number == self[ORDER_NUMBER]), None)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A response of the domain with its variables, buttons and data.

    ``offer`` is what a plain yes would accept, ``keep`` the slots that the end of a journey leaves filled; ``cites``
    is false where the policy's entry after a refusal would say nothing new.
    """

    response: str
    values: Mapping[str, str] = field(default_factory=dict)
    buttons: Sequence[dict[str, str]] = ()
    data: Mapping[str, Any] | None = None
    offer: str | None = None
    keep: Mapping[str, Any] = field(default_factory=dict)
    cites: bool = True

    def say(self, turn: Turn) -> None:
        turn.say(self.response, buttons=self.buttons, data=dict(self.data) if self.data else None, **self.values)


def always(_: Case) -> bool:
    return True


PERSON_OR_STOP = "utter_person_or_stop"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to know. Asked by ``utter_ask_<form>_<slot>``, ``action_ask_<slot>`` or ``utter_ask_<slot>``.

    Attributes:
        slot: The domain's slot.
        parse: The value in the customer's words, ``None`` when there is none.
        hint: Response after a first value that cannot be right, with an example.
        another_way: Response after the second one, and when the customer has no value to give.
        wanted: Whether it must be known at all, given what is known already.
        unasked: Whether it is also read from a message that answers another question.
        looks_like: What an attempt at a value looks like, so that it is not taken for a question.
        answered_by: Intents of other requests that are an answer when this is asked ("it arrived broken").
        asked_about: A question about the question itself ("what code?"): answered by ``another_way``.
        asked_anew: Whether the words want the question itself once more ("another code"), which its action sees to.
        named: How customers speak of it when they take it back ("the e-mail was wrong").
        clears: Slots that mean nothing any more when this one changes.
        explain: Why exactly these words give no value, where more can be said than ``hint``.
        explains_again: Its question (``action_ask_<slot>``) says so itself from the second time on; the words that
            opened the journey are explained, too.
        stated: Whether a question never holds the value: "repair or new one, what's faster" chooses neither.
    """

    slot: str
    parse: Callable[[Heard, Case], Any]
    hint: str
    another_way: str = PERSON_OR_STOP
    wanted: Callable[[Case], bool] = always
    unasked: bool = True
    looks_like: re.Pattern[str] | None = None
    answered_by: frozenset[str] = frozenset()
    asked_about: re.Pattern[str] | None = None
    asked_anew: Callable[[Heard], bool] | None = None
    named: re.Pattern[str] | None = None
    clears: tuple[str, ...] = ()
    explain: "Callable[[Heard, Case], Sentence | None] | None" = None
    explains_again: bool = False
    stated: bool = False

    @property
    def tells_where(self) -> bool:
        """Whether ``another_way`` is the field's own: where its value is found, or why it is asked for."""
        return self.another_way not in {PERSON_OR_STOP, self.hint}


class Journey(ABC):
    """What one kind of request needs and does. Stateless: one instance serves every conversation.

    ``access`` is what ``do`` asks for; an ``agrees`` journey reads its plan back first. A journey that only looks
    something up overrides ``do`` alone and sets ``agrees = False``.
    """

    name: ClassVar[str]
    intents: ClassVar[frozenset[str]]
    """Which requests start it."""
    access: ClassVar[Level] = Level.READING
    about_order: ClassVar[bool] = True
    agrees: ClassVar[bool] = True
    offered: ClassVar[bool] = False
    """Whether ``utter_offer_<name>`` offers it once a general question of its kind is answered."""
    fields: ClassVar[tuple[Field, ...]] = ()
    replaces: ClassVar[frozenset[str]] = frozenset()
    """Journeys that this one takes the place of: who cancels what they were about to move does not move it later."""
    never_means: ClassVar[re.Pattern[str] | None] = None
    """Words that show that something else is meant, which the knowledge answers: "cancel my Plus"."""
    remarks: ClassVar[re.Pattern[str] | None] = None
    """Words that belong to the matter though no field holds them: noted, and kept with the words that opened it."""
    refusals: ClassVar[Mapping[Reason, str]] = {}
    """What is said for a reason; other reasons get ``utter_refused_<reason>``."""

    @property
    def form(self) -> str:
        return f"{self.name}_form"

    @property
    def slots(self) -> tuple[str, ...]:
        """All slots of its form in the order asked, as the domain lists them."""
        before = () if self.access is Level.NONE else (ORDER_NUMBER, EMAIL)
        after = (AGREED,) if self.agrees else ()
        code = (CODE,) if self.access is Level.CONFIRMED else ()
        retry = () if self.access is Level.NONE else (RETRY,)
        return (*before, *(item.slot for item in self.fields), *after, *code, *retry)

    @property
    def needs_nobody(self) -> bool:
        """Whether it is about no order and open to everybody."""
        return self.access is Level.NONE and not self.about_order

    def fits(self, order: OrderView) -> bool:
        """Whether the order is one to offer when the customer has several."""
        del order
        return True

    def owns_address(self, words: str) -> bool:
        """Whether an e-mail address in the words that start it is the customer's own, to prove who asks with."""
        del words
        return True

    def needs(self, case: Case) -> Level:
        """The access that going on needs, given what is known: never more than ``access``."""
        del case
        return self.access

    def known_from(self, intent: str) -> Mapping[str, Any]:
        """Slots that are known from which request started it."""
        del intent
        return {}

    def level_for(self, plan: Plan) -> Level:
        """The access that doing this plan needs."""
        del plan
        return self.access

    def early(self, case: Case) -> Refusal | None:
        """Why it is in vain to ask for the rest, once the order is known."""
        del case
        return None

    def preview(self, case: Case) -> Plan | Refusal:
        """What would be done; changes nothing."""
        raise NotImplementedError

    def read_back(self, case: Case, plan: Any) -> Sentence:
        """The plan with its amounts and days; the mechanism adds the buttons for yes and no."""
        raise NotImplementedError

    def about_plan(self, text: str, case: Case) -> Sentence | None:
        """The answer to a question about what was read back, where the plan itself holds it."""
        del text, case
        return None

    @abstractmethod
    def do(self, case: Case, act: Act, plan: Any) -> Sentence | Done[Any] | Refusal:
        """Do it, under the act's key, or look it up. A sentence is the answer; ``Done`` goes to ``done``."""

    def done(self, case: Case, done: Any) -> Sentence:
        """What was done, with its number."""
        raise NotImplementedError

    def refused(self, case: Case, refusal: Refusal) -> Sentence:
        """Why not, in the journey's words; the policy's own entry follows."""
        del case
        return Sentence(self.refusals.get(refusal.reason, f"utter_refused_{refusal.reason.value}"))

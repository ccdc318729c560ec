"""Comparing a turn with what the scenario expects of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from conversation_runner.knowledge import KnowledgeNames
from conversation_runner.leaks import internal_names_in
from conversation_runner.mailbox import Mailbox
from conversation_runner.matching import Pattern
from conversation_runner.scenario import Expect
from conversation_runner.tickets import Tickets, TicketsUnknown
from conversation_runner.turn import Turn, citations_in

TICKET_NUMBER = re.compile(r"\bT-\d{6}\b")

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Difference:
    """One expectation that did not hold: the key in the file, what was asked for, what came."""

    field: str
    expected: str
    got: str


@dataclass(frozen=True)
class Surroundings:
    """What expectations are compared with besides the turn itself."""

    internal_names: frozenset[str] = frozenset()
    knowledge: KnowledgeNames = field(default_factory=KnowledgeNames)
    tickets: Tickets = field(default_factory=TicketsUnknown)
    outage_texts: frozenset[str] = frozenset()
    mailbox: Mailbox = field(default_factory=lambda: Mailbox(None))


def differences(expect: Expect, turn: Turn, around: Surroundings, steps: Sequence[Turn] = ()) -> list[Difference]:
    """Everything in which ``turn`` is not as expected, in the order a reader cares about.

    ``steps`` are the turns of the steps so far, for what is compared with an earlier one.
    """
    found = [difference for check in _CHECKS for difference in check(expect, turn, around)]
    if expect.same_text_as is not None:
        found += _same_text(expect.same_text_as, turn, steps)
    return found


def _same_text(number: int, turn: Turn, steps: Sequence[Turn]) -> Iterator[Difference]:
    """To the letter, but for digits: counts and numbers may differ, words may not."""
    earlier, now = (
        "\n".join(_DIGITS.sub("#", message.text) for message in one.messages) for one in (steps[number - 1], turn)
    )
    if earlier != now:
        yield Difference("same_text_as", f"the words of step {number}: {earlier}", now)


def _replied(expect: Expect, turn: Turn, _: Surroundings) -> Iterator[Difference]:
    shown = [message for message in turn.messages if message.shows_something]
    if not turn.messages and expect.messages != 0:
        hint = "no message at all (Rasa sends an empty list when a turn fails: its log says why)"
        yield Difference("reply", "an answer", hint)
    elif len(shown) < len(turn.messages):
        yield Difference("reply", "messages that show something", "an empty message")
    if expect.messages is not None and len(turn.messages) != expect.messages:
        yield Difference("messages", str(expect.messages), str(len(turn.messages)))


def _no_internals(_: Expect, turn: Turn, around: Surroundings) -> Iterator[Difference]:
    leaks = internal_names_in(turn, around.internal_names)
    if leaks:
        yield Difference("reply", "words for customers only", f"internals shown: {', '.join(leaks)}")


def _no_outage(expect: Expect, turn: Turn, around: Surroundings) -> Iterator[Difference]:
    """A system half down must not pass for one that answers, unless the scenario asks for just that."""
    for message in turn.messages:
        meant = any(pattern.found_in(message.text) for pattern in expect.text)
        if message.text.strip() in around.outage_texts and not meant:
            yield Difference("reply", "an answer", "a part of the system is down: see the transcript and the logs")


def _text(expect: Expect, turn: Turn, _: Surroundings) -> Iterator[Difference]:
    texts = [message.text for message in turn.messages]
    for pattern in expect.text:
        if not any(pattern.found_in(text) for text in texts):
            yield Difference("text", str(pattern), "in none of the messages")
    for pattern in expect.not_text:
        if any(pattern.found_in(text) for text in texts):
            yield Difference("not_text", f"nowhere {pattern}", "it is in the reply")


def _intent(expect: Expect, turn: Turn, _: Surroundings) -> Iterator[Difference]:
    got = turn.understood
    if expect.intent and got.intent not in expect.intent:
        yield Difference("intent", " or ".join(expect.intent), f"{got.intent or 'none'} {got.confidence:.2f}")


def _actions(expect: Expect, turn: Turn, _: Surroundings) -> Iterator[Difference]:
    wanted = expect.actions_in_order
    if wanted and not in_order(wanted, turn.ran):
        yield Difference("actions", " → ".join(wanted), " → ".join(turn.ran) or "none ran")
    for name in expect.no_action:
        if name in turn.ran:
            yield Difference("no_action", f"not {name}", "it ran")


def in_order(wanted: Sequence[str], ran: Sequence[str]) -> bool:
    """Whether ``wanted`` occurs in ``ran`` in its order, with anything in between."""
    rest = iter(ran)
    return all(name in rest for name in wanted)


def _slots(expect: Expect, turn: Turn, _: Surroundings) -> Iterator[Difference]:
    for name, value in expect.slots.items():
        got = turn.slots.get(name)
        if got != value and str(got) != str(value):
            yield Difference("slots", f"{name}: {_shown(value)}", _shown(got))


def _shown(value: object) -> str:
    return "empty" if value is None else repr(value)


def _form(expect: Expect, turn: Turn, _: Surroundings) -> Iterator[Difference]:
    if expect.states("active_form") and turn.active_form != expect.active_form:
        yield Difference("active_form", expect.active_form or "no form", turn.active_form or "no form")


def _buttons(expect: Expect, turn: Turn, _: Surroundings) -> Iterator[Difference]:
    titles = [button.title for button in turn.buttons]
    shown = ", ".join(f"[{title}]" for title in titles) or "no buttons"
    if expect.states("buttons") and not expect.buttons and titles:
        yield Difference("buttons", "no buttons", shown)
    for pattern in expect.buttons:
        if not any(pattern.found_in(title) for title in titles):
            yield Difference("buttons", _button(pattern), shown)


def _button(pattern: Pattern) -> str:
    return f"[{pattern.text}]"


def _ticket(expect: Expect, turn: Turn, around: Surroundings) -> Iterator[Difference]:
    if expect.ticket is None:
        return
    numbers = [number for message in turn.messages for number in TICKET_NUMBER.findall(message.text)]
    if not expect.ticket and numbers:
        yield Difference("ticket", "no ticket number", ", ".join(numbers))
    elif expect.ticket and not numbers:
        yield Difference("ticket", "a ticket number (T- and six digits)", "none in the reply")
    elif expect.ticket and not any(around.tickets.exists(number) for number in numbers):
        yield Difference("ticket", "a ticket that exists", f"{numbers[0]} is not in the back office")


def _citation(expect: Expect, turn: Turn, around: Surroundings) -> Iterator[Difference]:
    """The entry a reply rests on; ``finds`` is also content when the entry is offered as a button."""
    texts = "\n".join(message.text for message in turn.messages).casefold()
    offered = "\n".join(f"{button.title}\n{button.payload}" for button in turn.buttons).casefold()
    cited = citations_in(turn)

    def named(entry: str, *places: str) -> bool:
        names = [name.casefold() for name in around.knowledge.names_of(entry)]
        return any(name in cited or any(name in place for place in places) for name in names)

    for entry in expect.citation:
        if not named(entry, texts):
            yield Difference("citation", entry, ", ".join(sorted(cited)) or "no source named")
    for entry in expect.finds:
        if not named(entry, texts, offered):
            yield Difference("finds", f"{entry}, as the source or to click", _found(turn))


def _found(turn: Turn) -> str:
    cited = sorted(citations_in(turn))
    return ", ".join([*cited, *(f"[{button.title}]" for button in turn.buttons)]) or "neither"


_CHECKS: tuple[Callable[[Expect, Turn, Surroundings], Iterator[Difference]], ...] = (
    _replied,
    _no_internals,
    _no_outage,
    _text,
    _citation,
    _ticket,
    _buttons,
    _intent,
    _actions,
    _slots,
    _form,
)

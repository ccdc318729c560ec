"""What must never happen, whatever is said: one function for each, over a conversation that is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from conversation_runner.leaks import internal_names_in
from simulator.cast import Cast
from simulator.shown import is_answer, message_id_of, shown_in, stands_in
from simulator.visit import Record

BY_CODE = frozenset(
    {
        "order.cancelled", "order.moved", "return.announced", "order.lost_settled", "subscription.pause",
        "subscription.end", "customer.email", "customer.phone", "customer.deletion",
    }
)  # fmt: skip
"""Changes that move money, goods or data: a code to the address on file comes before them."""

BY_YES = BY_CODE | {"order.search_started", "claim.opened", "appointment.book", "booking.rebook", "booking.drop"}
"""Changes that are read back and agreed to first."""

_CONFIRMED = "code.confirmed"
_VERIFIED = ("access.verified", "access.signed_in")
_ALIKE = 3


@dataclass(frozen=True)
class Broken:
    """An invariant that did not hold: which, what was seen, and after which turn (counted from 1)."""

    invariant: str
    detail: str
    turn: int | None = None


@dataclass(frozen=True)
class Rules:
    """What the checks compare with. ``public`` is text that anybody may read: the domain's and the knowledge's."""

    cast: Cast
    internal_names: frozenset[str] = frozenset()
    outage_texts: frozenset[str] = frozenset()
    public: str = field(default="", repr=False)

    @cached_property
    def secrets(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """By person's id: kind and text of everything about them that stands in no public text."""
        # Once for all conversations: the public texts are long.
        texts = {text for person in self.cast.people for _, text in person.secrets if text}
        hidden = {text for text in texts if not stands_in(text, self.public)}
        return {
            person.id: tuple((kind, text) for kind, text in person.secrets if text in hidden)
            for person in self.cast.people
        }


Check = Callable[[Record, Rules], Iterator[Broken]]


def broken_in(record: Record, rules: Rules) -> list[Broken]:
    """Everything in this conversation that must not be."""
    return [found for check in CHECKS for found in check(record, rules)]


def no_data_of_others(record: Record, rules: Rules) -> Iterator[Broken]:
    """Names, addresses, numbers of anybody else stand in no reply, unless the customer wrote them first."""
    own = record.visit.person
    said = ""
    mine = {text for _, text in own.secrets} if own else set()
    others = [secrets for person, secrets in rules.secrets.items() if own is None or person != own.id]
    secrets = [(kind, text) for kind, text in dict.fromkeys(chain(*others)) if text not in mine]
    for number, turn in enumerate(record.turns, start=1):
        said += "\n" + turn.said
        shown = shown_in(turn)
        for kind, text in secrets:
            if stands_in(text, shown) and not stands_in(text, said):
                yield Broken("data of another customer", f"{kind} {text}", number)


def nothing_of_an_order_to_a_stranger(record: Record, _: Rules) -> Iterator[Broken]:
    """Somebody with a number alone learns neither contents nor state nor price of that order."""
    order = record.visit.order
    if record.visit.tactic is None or order is None:
        return
    said = ""
    for number, turn in enumerate(record.turns, start=1):
        said += "\n" + turn.said
        for message in turn.messages:
            names = [
                item.name
                for item in order.items
                if stands_in(item.name, message.text) and not stands_in(item.short, said)
            ]
            if names and not is_answer(message):
                yield Broken("data of another customer", f"contents of {order.number}: {', '.join(names)}", number)
            if (message.other.get("custom") or {}).get("order_number") == order.number:
                yield Broken("data of another customer", f"state of {order.number}", number)
    for change in record.changes:
        if change.action in BY_YES or change.action in _VERIFIED:
            yield Broken("a stranger got in", f"{change.action} {change.subject}")


def changed_only_after_a_yes(record: Record, _: Rules) -> Iterator[Broken]:
    """What was done was agreed to before, in this conversation, and the yes had not been taken back."""
    ids = {message_id: index for index, turn in enumerate(record.turns) if (message_id := message_id_of(turn))}
    for change in record.changes:
        index = ids.get(change.message_id or "")
        if change.action in BY_YES and (index is None or not record.agreed[index]):
            yield Broken("changed without a yes", f"{change.action} {change.subject}", (index or 0) + 1)


def changed_only_after_a_code(record: Record, _: Rules) -> Iterator[Broken]:
    """Money, goods and data move only after the right code."""
    confirmed = False
    for change in record.changes:
        confirmed = confirmed or change.action == _CONFIRMED
        if change.action in BY_CODE and not confirmed:
            yield Broken("changed without a code", f"{change.action} {change.subject}")


def done_once(record: Record, _: Rules) -> Iterator[Broken]:
    """One yes does a thing once, however often it is clicked."""
    ids = {message_id_of(turn): index for index, turn in enumerate(record.turns)}
    seen: set[tuple[str, str, int]] = set()
    for change in record.changes:
        said = record.moves[: ids.get(change.message_id, 0) + 1]
        what = (change.action, change.subject, sum(bool(move.agrees) for move in said))
        if change.action in BY_YES and what in seen:
            yield Broken("done twice", f"{change.action} {change.subject}")
        seen.add(what)


def nothing_after_a_change_of_mind(record: Record, _: Rules) -> Iterator[Broken]:
    """Who says no at the end has changed nothing."""
    if not record.backed_out:
        return
    no = next(index for index, move in enumerate(record.moves) if move.kind == "refuse")
    agreed_later = any(move.agrees for move in record.moves[no:])
    message_id = message_id_of(record.turns[no])
    for change in record.changes:
        if change.action in BY_YES and (change.message_id == message_id) and not agreed_later:
            yield Broken("changed after a no", f"{change.action} {change.subject}", no + 1)


def never_stuck(record: Record, _: Rules) -> Iterator[Broken]:
    """Every conversation ends, and whoever asks for a person gets a ticket."""
    if record.outcome == "stuck":
        yield Broken("stuck", f"not over after {len(record.turns)} turns", len(record.turns))
    if record.outcome == "given up":
        yield Broken("stuck", "asked for a person and got no ticket", len(record.turns))
    if record.outcome == "broken off":
        yield Broken("stuck", record.reason, len(record.turns))


def always_a_reply(record: Record, _: Rules) -> Iterator[Broken]:
    """Each turn says something."""
    for number, turn in enumerate(record.turns, start=1):
        if not turn.messages or not all(message.shows_something for message in turn.messages):
            yield Broken("empty reply", repr(turn.said[:60]), number)


def never_the_same_three_times(record: Record, _: Rules) -> Iterator[Broken]:
    """Three equal replies running to three different messages are a bot that does not listen."""
    for number in range(_ALIKE, len(record.turns) + 1):
        last = record.turns[number - _ALIKE : number]
        alike = len({shown_in(turn) for turn in last}) == 1
        if alike and shown_in(last[0]) and len({turn.said.casefold() for turn in last}) == _ALIKE:
            yield Broken("repeated three times", shown_in(last[0])[:100], number)


def no_internals(record: Record, rules: Rules) -> Iterator[Broken]:
    """No names of slots and actions, no places left open, no traces."""
    for number, turn in enumerate(record.turns, start=1):
        if found := internal_names_in(turn, rules.internal_names):
            yield Broken("internals shown", ", ".join(found), number)


def nothing_fails(record: Record, rules: Rules) -> Iterator[Broken]:
    """Nobody is told that a part is down while all parts run."""
    for number, turn in enumerate(record.turns, start=1):
        if any(message.text.strip() in rules.outage_texts for message in turn.messages):
            yield Broken("a part failed", turn.messages[-1].text[:80], number)


CHECKS: tuple[Check, ...] = (
    no_data_of_others,
    nothing_of_an_order_to_a_stranger,
    changed_only_after_a_yes,
    changed_only_after_a_code,
    done_once,
    nothing_after_a_change_of_mind,
    never_stuck,
    always_a_reply,
    never_the_same_three_times,
    no_internals,
    nothing_fails,
)

"""What must never happen over more than one conversation: strangers told apart, money, rows that nobody touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.sureness import SURE
from conversation_runner.turn import Turn
from simulator.invariants import BY_YES, Broken
from simulator.ledger import Money, Rows
from simulator.shown import shown_in, told_of_orders
from simulator.visit import Record


def same_to_a_stranger(real: Record, invented: Record) -> Iterator[Broken]:
    """A number that exists and one that does not get the same words; only digits may differ.

    Compared as long as both were taken for the same: another number may make a sentence be understood otherwise,
    which tells nothing of the order.
    """
    for number, (one, other) in enumerate(zip(real.turns, invented.turns, strict=False), start=1):
        if _taken_for(one) != _taken_for(other):
            return
        if told_of_orders(one) != told_of_orders(other):
            yield Broken("tells a stranger what exists", f"{shown_in(one)[:90]} <> {shown_in(other)[:90]}", number)
            return


def _taken_for(turn: Turn) -> tuple[str | None, bool]:
    return turn.understood.intent, turn.understood.confidence < SURE


def no_refund_beyond_the_paid(money: Sequence[Money]) -> Iterator[Broken]:
    """What went back and what is promised never exceeds what was paid."""
    for order in money:
        if order.refunded + order.promised > order.paid or order.counted != order.refunded:
            detail = f"{order.number}: paid {order.paid}, refunded {order.refunded}, promised {order.promised}"
            yield Broken("refund beyond the paid sum", detail)


def changed_only_by_its_owner(
    before: Rows, after: Rows, owners: dict[tuple[str, str], str], records: Sequence[Record]
) -> Iterator[Broken]:
    """A row that differs belongs to somebody who changed something in this round."""
    changing = {change.customer_id for record in records for change in record.changes if change.action in BY_YES}
    for row in sorted(before.keys() | after.keys()):
        owner = owners.get(row)
        if before.get(row) != after.get(row) and owner is not None and owner not in changing:
            yield Broken("changed by nobody's act", " ".join(row))

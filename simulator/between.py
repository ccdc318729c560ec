"""What comes in between: questions, slips, outbursts, wrong values, double clicks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.bank import Bank
from simulator.model import Answer
from simulator.move import Move
from simulator.situation import Situation
from simulator.voice import Voice


@dataclass(frozen=True)
class Moment:
    """Where the customer stands: ``answer`` is what the bank says to the slot that is asked, if any is."""

    voice: Voice
    bank: Bank
    seen: Situation
    answer: Answer | None
    last: Move | None


def _twice(now: Moment) -> Move | None:
    last = now.last
    return Move(last.text, "again", last.button) if last and last.agrees else None


def _detour(now: Moment) -> Move | None:
    return Move(now.voice.wording([question.ask for question in now.bank.questions]), "detour") if now.answer else None


def _small_talk(now: Moment) -> Move | None:
    return Move(now.voice.wording(now.bank.phrases.small_talk), "small_talk") if now.answer else None


def _outburst(now: Moment) -> Move | None:
    return Move(now.voice.wording(now.voice.mood.outbursts), "outburst") if now.answer else None


def _other(now: Moment) -> Move | None:
    able = now.answer and "email" in now.voice.facts and now.voice.knows(now.bank.phrases.other)
    return Move(now.voice.wording(now.bank.phrases.other), "other") if able else None


def _wrong(now: Moment) -> Move | None:
    answer = now.answer
    fits = answer and answer.kind == "value" and now.voice.knows(answer.wrong)
    return Move(now.voice.wording(answer.wrong), "wrong") if answer and fits else None


def _slip(now: Moment) -> Move | None:
    answer = now.answer
    fits = answer and answer.mends and now.voice.knows(answer.slips)
    return Move(now.voice.wording(answer.slips), "slip") if answer and fits else None


def _wrong_code(now: Moment) -> Move | None:
    answer = now.answer
    return Move(now.voice.wording(answer.wrong), "wrong code") if answer and answer.kind == "code" else None


def _resend(now: Moment) -> Move | None:
    fits = now.answer and now.answer.kind == "code"
    return Move(now.voice.wording(now.bank.phrases.resend), "resend") if fits else None


KINDS: dict[str, Callable[[Moment], Move | None]] = {
    "detour": _detour,
    "small_talk": _small_talk,
    "outburst": _outburst,
    "wrong": _wrong,
    "slip": _slip,
    "resend": _resend,
    "wrong_code": _wrong_code,
    "other": _other,
    "twice": _twice,
}
"""Each gives the move, or None where it does not fit."""

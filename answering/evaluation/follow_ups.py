"""Short follow-ups to an entry that was just told: how often one of its sentences is offered, and how often rightly."""

import argparse
import asyncio
from dataclasses import astuple, dataclass
from pathlib import Path

from sklearn.linear_model import LogisticRegression

from answering.bootstrap import build_ladder
from answering.evaluation.report import keep, lines_of, show
from answering.ladder import SENTENCE_AT
from answering.model import TOLD, Question
from answering.passages import Passage, Passages
from answering.settings import AnsweringSettings, LanguageModelSettings
from retrieval.bootstrap import build_embedder
from retrieval.settings import RetrievalSettings

TUNING = Path("tests/evaluation/follow_ups_tuning.txt")
TEST = Path("tests/evaluation/follow_ups.txt")
_ANYBODY = frozenset({"public", "customer"})


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is asked after an entry, and words of its sentence that answers; empty where none does."""

    entry_id: str
    text: str
    part: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The sentence found, and whether the words alone are told an entry, as they were before sentences were found."""

    asked: FollowUp
    found: Passage | None
    alone: str | None

    @property
    def is_right(self) -> bool:
        part = self.asked.part.casefold()
        return bool(part) and self.found is not None and part in self.found.text.casefold()

    @property
    def relevance(self) -> float:
        return self.found.relevance if self.found else 0.0


def read(path: Path) -> list[FollowUp]:
    """The follow-ups of a file.

    Raises:
        ValueError: a line does not have its three parts.
    """
    parts = [[part.strip() for part in line.split("|")] for line in lines_of(path)]
    return [FollowUp(entry_id, text, "" if part == "-" else part) for entry_id, text, part in parts]


def run(options: argparse.Namespace) -> int:
    """Measure both files; with ``--fit`` print weights fitted to the tuning file first."""
    tuning, test = asyncio.run(_outcomes())
    if options.fit:
        print("WEIGHTS =", _fitted(tuning))
    figures = {"tuning": _figures(tuning), "test": _figures(test)}
    for name, values in figures.items():
        show(f"follow-ups, {name}", values)
    keep("follow-ups", figures)
    if options.verbose:
        for outcome in sorted(test, key=lambda one: -one.relevance):
            told = outcome.found.text[:90] if outcome.found else ""
            mark = "right" if outcome.is_right else "wrong" if outcome.asked.part else "no answer"
            print(f"{outcome.relevance:.2f} {mark:9} {outcome.asked.entry_id} | {outcome.asked.text} | {told}")
    return 0


async def _outcomes() -> tuple[list[Outcome], list[Outcome]]:
    ladder = build_ladder(AnsweringSettings(cache_size=0), llm=LanguageModelSettings(provider="off"))
    passages = Passages(build_embedder(RetrievalSettings(), patient=True))
    measured = []
    for path in (TUNING, TEST):
        outcomes = []
        for asked in read(path):
            entry = await ladder.entry(asked.entry_id, audience=_ANYBODY)
            if entry is None:
                continue  # out of season
            alone = await ladder.answer(Question(asked.text, intent="ask", refers_to=entry.citations[0].title))
            told = alone.citations[0].entry_id if alone.kind in TOLD and alone.citations else None
            outcomes.append(Outcome(asked, await passages.best(asked.text, entry.text), told))
        measured.append(outcomes)
    await ladder.close()
    await passages.close()
    return measured[0], measured[1]


def _figures(outcomes: list[Outcome]) -> dict[str, object]:
    answerable = [one for one in outcomes if one.asked.part]
    offered = [one for one in outcomes if one.relevance >= SENTENCE_AT]
    alone = [one for one in outcomes if one.alone]
    left = [one for one in offered if not one.alone]
    return {
        "asked": len(outcomes),
        "answered by a sentence": len(answerable),
        "sentence offered": f"{len(offered)}, of these right {_share(offered):.2f}",
        "right of answerable": round(sum(one.is_right for one in offered) / len(answerable), 2),
        "entry told without": f"{len(alone)}, the same entry {sum(one.alone == one.asked.entry_id for one in alone)}",
        "offered where no entry is told": f"{len(left)}, of these right {_share(left):.2f}",
    }


def _share(outcomes: list[Outcome]) -> float:
    return sum(one.is_right for one in outcomes) / len(outcomes) if outcomes else 0.0


def _fitted(outcomes: list[Outcome]) -> tuple[float, ...]:
    known = [(astuple(one.found.signs), one.is_right) for one in outcomes if one.found]
    model = LogisticRegression(C=3.0, max_iter=1000).fit(*zip(*known, strict=True))
    return tuple(round(float(weight), 2) for weight in (model.intercept_[0], *model.coef_[0]))

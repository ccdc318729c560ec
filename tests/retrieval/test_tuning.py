"""What each threshold would give, in figures and in a picture."""

from pathlib import Path

import pytest

from retrieval.evaluation.bench import Found
from retrieval.evaluation.judged import JudgedQuestion
from retrieval.evaluation.pictures import draw_choices
from retrieval.evaluation.tuning import Choice, choices, first_with_precision
from retrieval.model import EntryId
from retrieval.relevance.calibration import Weighing, sigmoid

WEIGHING = Weighing({"a": 1.0}, {"score": 1.0}, 0.0)


def question(score: float, *, right: bool, answerable: bool = True) -> Found:
    answers = frozenset({EntryId("x" if right else "other")}) if answerable else frozenset()
    return Found(JudgedQuestion("?", answers), (EntryId("x"),), ({"a": score},), (0.0,))


RESULTS = [
    question(3.0, right=True),
    question(2.0, right=True),
    question(1.0, right=False),
    question(0.5, right=False, answerable=False),
]


def at(found: list[Choice], threshold: float) -> Choice:
    return next(choice for choice in found if choice.answer_at == pytest.approx(threshold))


def test_a_higher_threshold_answers_less_and_more_of_it_rightly() -> None:
    found = choices(RESULTS, WEIGHING)
    assert len(found) == 101
    assert at(found, 0) == Choice(0.0, 1.0, 0.5, 1.0)
    middle = at(found, round(sigmoid(1.0) - 0.01, 2))
    assert (middle.answered, middle.precision, middle.false_answers) == (1.0, pytest.approx(2 / 3), 0.0)
    assert at(found, 0.9) == Choice(0.9, pytest.approx(1 / 3), 1.0, 0.0)
    assert at(found, 1.0).precision is None


def test_the_threshold_for_a_precision_holds_from_there_on() -> None:
    found = choices(RESULTS, WEIGHING)
    best = first_with_precision(found, 0.95)
    assert best
    assert best.answer_at == 0.74  # just above the wrong one, sigmoid(1) = .731
    assert first_with_precision(choices([question(3.0, right=False)], WEIGHING), 0.95) is None


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    file = tmp_path / "new" / "tune.svg"
    draw_choices([("one", choices(RESULTS, WEIGHING))], file, answer_at=0.75)
    assert file.stat().st_size > 5000

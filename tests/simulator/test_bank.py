"""The bank of sentences: apart from the training data, complete, and its typos leave facts alone."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversation_runner.domain import read_domain
from simulator.bank import fillable, read_bank, spoken
from simulator.errors import BadBank
from simulator.model import Mood
from simulator.typos import with_typos

BANK = read_bank()
DOMAIN = Path("domain") if Path("domain").is_dir() else Path("domain.yml")
SHORT = 3
"""Words up to which a sentence ("yes please") can be said in one way only."""


def _plain(sentence: str) -> str:
    """Words alone: no places, no annotations of entities, no signs."""
    return " ".join(re.sub(r"\W+", " ", re.sub(r"\{\w+\}|\(\w+\)", " ", sentence)).casefold().split())


def _elsewhere() -> Iterator[str]:
    for path in Path("data/nlu").glob("*.yml"):
        yield from (line.strip()[2:] for line in path.read_text().splitlines() if line.strip().startswith("- "))
    for path in Path("tests/evaluation").glob("*.csv"):
        yield from (cell for row in csv.reader(path.read_text().splitlines()) for cell in row)
    for path in Path("tests/evaluation").glob("*.jsonl"):
        yield from (str(value) for line in path.read_text().splitlines() for value in json.loads(line).values())


def test_no_sentence_of_the_bank_stands_in_the_training_data_or_in_an_evaluation_set() -> None:
    taken = {_plain(sentence) for sentence in _elsewhere()}
    long = {_plain(sentence) for sentence in BANK.sentences if len(_plain(sentence).split()) > SHORT}
    assert long
    assert not long & taken


def test_every_slot_that_a_form_asks_for_has_an_answer() -> None:
    asked = {slot for slots in read_domain(DOMAIN).forms.values() for slot in slots}
    assert asked
    assert sorted(slot for slot in asked if BANK.answer_to(slot) is None) == []


def test_a_file_that_is_wrong_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "goals").mkdir()
    (tmp_path / "goals" / "orders.yaml").write_text("cancel: {journey: x, openings: [one, two], colour: red}")
    with pytest.raises(BadBank, match=r"orders\.yaml.*\n.*colour"):
        read_bank(tmp_path)


def test_only_sentences_whose_places_are_all_known_are_said() -> None:
    assert fillable(["it is {order_number}", "with {email}", "hm"], {"order_number": "10101"}) == [
        "it is {order_number}",
        "hm",
    ]


def test_neither_typos_nor_shouting_touch_a_fact() -> None:
    mood = Mood(weight=1, typos=1, shouting=1)
    said = {spoken("where is {order_number}, {email}", {"order_number": "10101", "email": "a.b@example.com"}, mood,
                   random.Random(seed)) for seed in range(50)}  # fmt: skip
    assert len(said) > 5
    assert all("10101, a.b@example.com" in one for one in said)


def test_typos_come_at_their_rate_and_only_in_longer_words() -> None:
    assert with_typos("the parcel is here", random.Random(1), rate=0) == "the parcel is here"
    assert with_typos("to be or no", random.Random(1), rate=1) == "to be or no"
    assert with_typos("parcel", random.Random(1), rate=1) != "parcel"

"""The damage that robustness is measured with, and the draws of few examples."""

import csv
import random
from pathlib import Path

import pytest

from contracts.nlu import ClassifyResult
from intent_service.evaluation.public_sets import read_set
from intent_service.evaluation.robust import DAMAGES, measure_robustness, one_typo_in_a_fifth
from intent_service.nlu_data.model import Example
from intent_service.service import Understanding

SENTENCE = "where on earth is the parcel that i ordered last week"


@pytest.mark.parametrize("seed", range(20))
def test_a_fifth_of_the_words_get_one_typo_each(seed: int) -> None:
    before = SENTENCE.split(" ")
    after = one_typo_in_a_fifth(SENTENCE, random.Random(seed)).split(" ")
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) <= round(0.2 * len(before))
    assert all(abs(len(a) - len(b)) <= 1 for a, b in changed)


@pytest.mark.parametrize("name", sorted(DAMAGES))
def test_each_damage_changes_the_sentence_and_survives_a_single_letter(name: str) -> None:
    damaged = {DAMAGES[name](SENTENCE, random.Random(seed)) for seed in range(5)}
    assert damaged != {SENTENCE}
    assert DAMAGES[name]("k", random.Random(1)).strip()


def test_what_is_lost_is_lost_against_the_clean_sentences(understanding: Understanding) -> None:
    examples = [Example("where is my parcel", "order_status", "x.csv", 1)]

    def deaf_to_shouting(texts: object) -> list[ClassifyResult]:
        said = [str(text) for text in texts]  # type: ignore[attr-defined]
        return understanding.classify(["purple" if text.isupper() else "where is my parcel" for text in said])

    figures = measure_robustness(deaf_to_shouting, examples)
    assert (figures["accuracy"], figures["lost_capitals"], figures["lost_typos"]) == (1.0, 1.0, 0.0)


def test_ten_sentences_an_intent_are_drawn_the_same_way_each_time(tmp_path: Path) -> None:
    folder = tmp_path / "intents" / "banking77"
    folder.mkdir(parents=True)
    for part in ("train", "test"):
        with (folder / f"{part}.csv").open("w", newline="", encoding="utf-8") as stream:
            rows = csv.writer(stream)
            rows.writerow(["text", "category"])
            rows.writerows([f"{intent} sentence {number}", intent] for intent in ("a", "b") for number in range(30))
    first, again, other = (read_set("banking77_10", tmp_path, seed) for seed in (1, 1, 2))
    assert [example.intent for example in first.train.examples] == ["a"] * 10 + ["b"] * 10
    assert first.train.examples == again.train.examples != other.train.examples
    assert len(first.inside) == 60

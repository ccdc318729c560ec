"""The judged sentences are whole, and what is fitted to is never told of as measured."""

from collections import Counter

from answering.evaluation.grounding_pairs import fitted_pairs, measured_pairs


def test_nothing_that_is_fitted_to_is_told_of_as_unseen() -> None:
    fitted = {(pair.source.name, pair.text) for pair in fitted_pairs()}
    told = [pair for pair in measured_pairs() if pair.part != "tuning"]
    assert fitted
    assert not fitted & {(pair.source.name, pair.text) for pair in told}
    assert {pair.part for pair in told} == {"test", "plain", "fresh", "elsewhere"}


def test_each_help_text_of_another_company_has_its_sentences() -> None:
    elsewhere = [pair for pair in measured_pairs() if pair.part == "elsewhere"]
    kinds = Counter(pair.kind for pair in elsewhere)
    assert kinds == {
        "ok": 2100, "derived": 420,
        "entity": 840, "condition": 840, "mixed": 840, "contradiction": 420, "invented": 420,
    }  # fmt: skip
    assert sum(pair.bad for pair in elsewhere) == 3360
    assert all(pair.text not in pair.source.text for pair in elsewhere if pair.bad)

"""The list of answers that no scenario can bring about, and what coverage makes of it."""

from pathlib import Path

import pytest
import yaml

from conversation_runner.coverage import coverage
from conversation_runner.domain import Domain
from conversation_runner.elsewhere import Elsewhere, read_elsewhere
from conversation_runner.errors import RunnerError

LIST = Path("tests/coverage_elsewhere.yml")


def texts() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in Path("domain").glob("*.yml"):
        for name, variations in (yaml.safe_load(file.read_text("utf-8")).get("responses") or {}).items():
            found[name] = " ".join(variation.get("text", "") for variation in variations)
    return found


@pytest.mark.parametrize(("response", "place"), sorted(read_elsewhere(LIST).items()))
def test_what_is_reached_elsewhere_is_there_and_in_its_test(response: str, place: Elsewhere) -> None:
    said = texts()
    assert response in said, "an answer that is gone: take it out of the list"
    assert place.words is None or place.words in said[response]
    assert (place.words or response) in Path(place.test).read_text("utf-8")


def test_what_is_reached_elsewhere_is_not_missed_and_told_apart() -> None:
    domain = Domain(responses=frozenset({"utter_down", "utter_hello", "utter_lost"}))
    hello = [{"event": "bot", "metadata": {"utter_action": "utter_hello"}}]
    places = {"utter_down": Elsewhere("down", "tests/x.py"), "utter_hello": Elsewhere("?", "tests/x.py")}
    kinds = {kind.name: kind for kind in coverage(domain, (), [("s", hello)], places)}
    assert kinds["responses"].missed == ("utter_lost",)
    assert kinds["responses"].elsewhere == ("utter_down",)
    assert kinds["responses"].listed_in_vain == ("utter_hello",)


def test_a_response_that_is_listed_twice_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "list.yml"
    file.write_text("- {why: a, test: b, responses: [utter_x, utter_x]}\n")
    with pytest.raises(RunnerError, match="twice"):
        read_elsewhere(file)

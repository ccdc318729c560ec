"""Corrections become training examples: checked, each wording once, without personal data, readable by the trainer."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import WORKDAY
from review_desk import Reviewing, seconds, turn_rows

from desk.commands import main
from desk.reviews.examples import (
    Correction,
    Training,
    examples_from,
    normal_form,
    without_annotations,
    written_as_example,
)
from desk.reviews.training_files import FILE, TrainingFiles
from intent_service.nlu_data.checks import check_training_data
from intent_service.nlu_data.reader import read_training_data
from privacy.personal_data import PersonalData

NOON = seconds(WORKDAY)
FINDER = PersonalData()
DATA, DOMAIN = Path("data/nlu"), Path("domain")


def correction(text: str, intent: str = "refund_status", said: str = "order_status", **more: Any) -> Correction:
    return Correction(
        **{"number": 1, "position": 0, "conversation_id": "c_1", "entities": None, "by": "Dev"}
        | {"text": text, "intent": intent, "said": said, "at": datetime(2026, 11, 25, tzinfo=UTC)}
        | more
    )


TRAINING = Training(
    intents=frozenset({"refund_status", "order_status"}),
    known={"where is my parcel": "order_status", "money back please": "refund_status"},
    held_back=frozenset({"any idea when the postman comes"}),
)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (correction("Money back, please!"), "is an example of refund_status already"),
        (correction("where is  my PARCEL??"), "is an example of order_status: move or delete that first"),
        (correction("Any idea when the postman comes?"), "is in the evaluation data, which is never trained on"),
        (correction("/order_status"), "is a clicked button, not words"),
        (correction("10046"), "has no words"),
        (correction("tea please", intent="brew_tea"), "has an intent that the domain does not know: brew_tea"),
        (correction("weather?", intent="nlu_fallback"), "is out of scope"),
        (correction("word " * 80), "is longer than 300 characters"),
    ],
)
def test_what_makes_no_good_example_is_left_out_with_the_reason(given: Correction, why: str) -> None:
    taken, refused = examples_from([given], TRAINING, FINDER)
    assert taken == []
    assert refused[0].why.startswith(why)
    assert refused[0].known == why.endswith("already")


def test_of_two_customers_who_say_the_same_one_is_taken() -> None:
    taken, refused = examples_from([correction("refund 10046?"), correction("Refund 10024")], TRAINING, FINDER)
    assert [one.text for one in taken] == ["refund 10000?"]
    assert refused[0].known


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("mail me at anna.k@web.de about 10046", "mail me at customer@example.com about 10000"),
        ("call +49 171 2345678 now", "call +353 1 555 0100 now"),
        ("T-804146 is still open", "T-800000 is still open"),
        ("refund\nmy\n  money", "refund my money"),
        ("- where is it", "where is it"),
        ("see [here](intent) {x}", "see (here)(intent) (x)"),
    ],
)
def test_personal_data_numbers_and_marks_of_annotation_do_not_stay(text: str, written: str) -> None:
    assert written_as_example(text, (), FINDER) == written


def test_entities_are_annotated_where_they_stand() -> None:
    text = "my kettel from order 10046 to anna@web.de"
    entities = [
        {"entity": "email", "value": "anna@web.de", "start": 30, "end": 41},
        {"entity": "product", "value": "Tarn kettle", "start": 3, "end": 9},
        {"entity": "order_number", "value": "10046", "start": 21, "end": 27},
        {"entity": "order_number", "value": "beyond", "start": 90, "end": 99},
    ]
    written = written_as_example(text, entities, FINDER)
    assert written == (
        'my [kettel]{"entity": "product", "value": "Tarn kettle"} from order [10000](order_number) '
        "to [customer@example.com](email)"
    )
    assert without_annotations(written) == "my kettel from order 10000 to customer@example.com"


def test_spellings_that_train_the_same_have_one_normal_form() -> None:
    assert len({normal_form(one) for one in ("Where’s my order?", "wheres  my ORDER", "where's my order…")}) == 1
    assert normal_form("order 10046") == normal_form("order 7")
    assert normal_form("order") != normal_form("orders")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the training data that may be written to."""
    shutil.copytree(DATA, tmp_path / "nlu")
    return tmp_path / "nlu"


async def corrected(reviewing: Reviewing) -> None:
    reviewing.store.write(
        turn_rows("ann", "has the money for 10046 gone back to ann@web.de yet", at=NOON)
        + turn_rows("ann", "and nothing on my card so far, odd", at=NOON + 9)
        + turn_rows("ann", "I forgot my password", at=NOON + 18)
    )
    await reviewing.read()
    for index in (0, 1):
        await reviewing.put(f"/ann/turns/{index}", intent="refund_status")
    await reviewing.put("/ann/turns/2", intent="reset_password")


def use(reviewing: Reviewing, data: Path) -> None:
    object.__setattr__(reviewing.desk.reviews.desk.corrections, "files", TrainingFiles(data, DOMAIN))


async def test_the_export_is_training_data_that_passes_the_trainers_checks(reviewing: Reviewing, data: Path) -> None:
    await corrected(reviewing)
    use(reviewing, data)
    before = len(read_training_data(data).examples)
    dry = (await reviewing.call("POST", "/corrections/export", json={"dry_run": True})).json()
    assert (dry["files"], len(dry["added"])) == ([], 2)
    assert not (data / FILE).exists()
    done = (await reviewing.call("POST", "/corrections/export")).json()
    assert done["files"] == [{"path": (data / FILE).as_posix(), "added": 2}]
    assert done["refused"] == [{"text": "I forgot my password", "why": "is an example of reset_password already"}]
    found = read_training_data(data)
    notes = [note for note in check_training_data(found, domain=DOMAIN) if FILE in note.file]
    assert (len(found.examples), notes) == (before + 2, [])
    assert "ann@web.de" not in (data / FILE).read_text(encoding="utf-8")
    source = yaml.safe_load((data / FILE).read_text(encoding="utf-8"))["nlu"][0]["examples"][0]["metadata"]
    assert (source["source"], source["was"], source["date"]) == ("review", "order_status", "2026-11-25")
    assert (await reviewing.get("/corrections", exported="false"))["items"] == []


async def test_a_second_export_adds_to_the_first(reviewing: Reviewing, data: Path) -> None:
    await corrected(reviewing)
    use(reviewing, data)
    await reviewing.call("POST", "/corrections/export")
    again = (await reviewing.call("POST", "/corrections/export")).json()
    assert (again["files"], again["added"], again["refused"]) == ([], [], [])
    await reviewing.put("/ann/turns/0", intent="charged_twice")
    third = (await reviewing.call("POST", "/corrections/export")).json()
    assert third["refused"][0]["why"] == "is an example of refund_status: move or delete that first"
    reviewing.store.write(turn_rows("ben", "dude no cash has landed", at=NOON + 60))
    await reviewing.read()
    await reviewing.put("/ben/turns/0", intent="refund_status")
    await reviewing.call("POST", "/corrections/export")
    assert len([one for one in read_training_data(data).examples if FILE in one.file]) == 3


async def test_where_nothing_can_be_written_the_export_is_shown_and_stays_open(
    reviewing: Reviewing, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await corrected(reviewing)
    use(reviewing, data)
    monkeypatch.setattr(TrainingFiles, "writable", False)
    done = (await reviewing.call("POST", "/corrections/export")).json()
    assert done["files"] == []
    assert "refund_status" in done["yaml"]
    assert len((await reviewing.get("/corrections", exported="false"))["items"]) == 3


async def test_intents_are_offered_with_what_they_mean(reviewing: Reviewing) -> None:
    found = {one["name"]: one for one in await reviewing.get("/intents")}
    assert found["reset_password"]["description"] == "Forgot or wants a new password; the link for it."
    assert found["reset_password"]["examples"] > 10
    assert "order_number" in await reviewing.get("/entities")


async def test_the_command_exports_what_the_console_would(
    reviewing: Reviewing, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await corrected(reviewing)
    monkeypatch.setenv("DESK_SECRET", "a-secret-of-the-tests-0123456789")
    monkeypatch.setenv("DESK_DATABASE_URL", reviewing.desk.settings.database_url)
    code = await asyncio.to_thread(main, ["corrections", "export", "--data", str(data)])
    told = capsys.readouterr().out
    assert code == 0
    assert f"2 examples added to {(data / FILE).as_posix()}" in told
    assert "left out: 'I forgot my password' is an example of reset_password already" in told

"""The day's letter: printed, mailed, and refused in a sentence."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from history import Talk

from desk.adapters.sql.database import Database
from desk.commands import main

TALKS = [
    Talk("told", [(0, "c", "how long?"), (2, "b", "entry")], rating=5),
    Talk("alone", [(0, "c", "help"), (1, "b", "none"), (10, "s", "handoff_queued")], reason="angry"),
    Talk("before", [(0, "c", "hi"), (4, "b", "entry")], day=-1),
]


@pytest.fixture
def filled(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mailbox, and settings of a desk that had three conversations."""
    database = Database(database_url, timeout_seconds=5)
    for talk in TALKS:
        with database.engine.execution_options(writes=True).begin() as connection:
            talk.write(connection)
    database.close()
    monkeypatch.setenv("DESK_DATABASE_URL", database_url)
    monkeypatch.setenv("DESK_SECRET", "a-secret-of-the-tests-0123456789")
    monkeypatch.setenv("BACKOFFICE_MAILBOX", str(tmp_path / "mailbox"))
    return tmp_path / "mailbox"


def test_a_day_is_printed_with_the_day_before_and_missed_targets(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["summary", "--day", "2026-11-02"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "Conversations 2 (1)" in lines
    assert "Escalation 50% (0%) ! target < 20%" in lines
    assert "Rating 5.00" in lines
    assert "First response 2 s (4 s)" in lines
    assert "angry 1" in lines
    assert not filled.exists()


def test_a_day_is_mailed_to_everybody_named(filled: Path) -> None:
    assert main(["summary", "--day", "2026-11-02", "--to", "a@example.com", "--to", "b@example.com"]) == 0
    letters = [message_from_bytes(path.read_bytes(), policy=default) for path in filled.iterdir()]
    assert {letter["To"] for letter in letters} == {"a@example.com", "b@example.com"}
    assert letters[0]["Subject"].endswith("2 conversations on Monday, 02 November 2026")
    assert "Escalation" in letters[0].get_body().get_content()  # type: ignore[union-attr]


def test_a_letter_that_cannot_be_sent_is_said_in_a_sentence(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled.write_text("a file where the folder should be")
    assert main(["summary", "--to", "a@example.com"]) == 1
    assert "was not sent" in capsys.readouterr().err

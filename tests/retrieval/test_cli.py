"""The commands as a person types them, on words alone: no service is needed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest
import structlog

from retrieval.cli.main import main
from tests.retrieval.conftest import write_entry

Run = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """A command silences the log of its process; the tests after it want theirs back."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command against an index of this test and gives exit code and output."""
    monkeypatch.setenv("RETRIEVAL_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("RETRIEVAL_EMBEDDER_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object) -> tuple[int, str]:
        code = main([str(argument) for argument in arguments])
        return code, capsys.readouterr().out

    yield call
    structlog.reset_defaults()  # a command silences the process's log, which later tests read


@pytest.fixture
def filled(run: Run, knowledge: Path) -> Run:
    """The same, after an ingest."""
    run("ingest", knowledge, "--lexical-only")
    return run


def test_ingest_tells_what_it_did(run: Run, knowledge: Path) -> None:
    (knowledge / "bad.md").write_text("nothing")
    code, told = run("ingest", knowledge, "--lexical-only")
    assert code == 0
    assert "added    4" in told
    assert "bad.md: no front matter" in told
    assert "words only" in told


def test_ingest_names_every_entry(run: Run, knowledge: Path) -> None:
    for number in range(20):
        write_entry(knowledge, f"extra-{number}")
    told = run("ingest", knowledge, "--lexical-only")[1]
    assert all(f"extra-{number}" in told for number in range(20))


def test_a_strict_ingest_fails_on_a_refused_file(run: Run, knowledge: Path) -> None:
    (knowledge / "bad.md").write_text("nothing")
    assert run("ingest", knowledge, "--lexical-only", "--strict")[0] == 1


def test_a_dry_run_leaves_no_index(run: Run, knowledge: Path) -> None:
    code, told = run("ingest", knowledge, "--dry-run")
    assert code == 0
    assert "nothing was changed" in told
    assert run("stats")[0] == 2


def test_a_report_for_programmes(run: Run, knowledge: Path) -> None:
    report = orjson.loads(run("ingest", knowledge, "--lexical-only", "--json")[1])
    assert len(report["added"]) == 4
    assert report["dense"] is False


def test_without_an_embedder_ingest_says_what_to_do(run: Run, knowledge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.bootstrap._INGEST_ATTEMPTS", 1)
    code, told = run("ingest", knowledge)
    assert code == 2
    assert "--lexical-only" in told
    assert "RETRIEVAL_EMBEDDER_URL" in told
    assert "Traceback" not in told


def test_search_shows_relevance_and_reasons(filled: Run) -> None:
    code, told = filled("search", "descale the kettle")
    assert code == 0
    assert told.splitlines()[1].split()[1] == "kettle"
    assert "lead" in told
    assert "By words only" in told


def test_search_as_of_another_day(filled: Run, knowledge: Path) -> None:
    write_entry(knowledge, "sale", title="Autumn sale", valid_until="2026-11-23")
    filled("ingest", knowledge, "--lexical-only")
    assert "sale" in filled("search", "autumn sale", "--at", "2026-11-23")[1]
    assert "Autumn sale" not in filled("search", "autumn sale", "--at", "2026-11-25")[1]


def test_a_time_without_zone_is_the_companys(filled: Run, knowledge: Path) -> None:
    write_entry(knowledge, "sale", title="Summer sale", valid_until="2026-08-31")
    filled("ingest", knowledge, "--lexical-only")
    assert "Summer sale" in filled("search", "summer sale", "--at", "2026-08-31T23:30")[1]
    assert "Summer sale" not in filled("search", "summer sale", "--at", "2026-09-01T00:30")[1]
    assert "expired" not in filled("verify", "--at", "2026-08-31T23:30")[1]
    assert "expired" in filled("verify", "--at", "2026-09-01T00:30")[1]


def test_search_without_a_question_says_so(filled: Run) -> None:
    code, told = filled("search", " ")
    assert (code, told.strip()) == (2, "✗ A question is needed.")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["search", "kettle", "--top", "0"], "a whole number from 1 to"),
        (["search", "kettle", "--top", "-3"], "a whole number from 1 to"),
        (["search", "kettle", "--at", "2026-13-45"], "write the day as 2026-12-31"),
        (["verify", "--at", "31.12.2026"], "write the day as 2026-12-31"),
        (["gaps", "--days", "99999999999"], "a whole number from 1 to"),
        (["gaps", "--days", "-1"], "a whole number from 1 to"),
        (["tune", "--precision", "95"], "a number from 0 to 1"),
        (["evaluate", "--at", "31.12.2026"], "write the day as 2026-12-31"),
    ],
)
def test_a_wrong_option_is_told_in_a_sentence(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_search_for_nothing_known(filled: Run) -> None:
    assert "Nothing found" in filled("search", "xyzzy")[1]


def test_an_entry_is_shown_whole(filled: Run) -> None:
    code, told = filled("show", "returns")
    assert code == 0
    assert "You have 30 days from delivery." in told
    assert filled("show", "nothing")[0] == 2


def test_entries_are_listed_and_narrowed(filled: Run) -> None:
    assert all(name in filled("list")[1] for name in ("returns", "refunds", "hours", "kettle"))
    assert "returns" not in filled("list", "--audience", "staff")[1]


def test_a_category_that_is_none_is_told_with_those_that_are(filled: Run) -> None:
    code, told = filled("list", "--category", "retuns")
    assert code == 2
    assert "There is no category retuns; there are: general." in told


def test_the_index_is_counted(filled: Run) -> None:
    code, told = filled("stats")
    assert code == 0
    assert "general 4" in told


def test_square_brackets_are_shown_as_they_are_written(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "old[/x]"
    write_entry(folder, "prices", title='"[/b] [red]Old[/red] prices"', answer="[x](gone.md)", valid_until="2020-01-01")
    (folder / "bad.md").write_text("nothing")
    assert "old[/x]/bad.md: no front matter" in run("ingest", folder, "--lexical-only", "--by", "[/a]")[1]
    assert "old[/x]/none" in run("ingest", folder / "none")[1]
    for command in (["list"], ["show", "prices"]):
        assert "[/b] [red]Old[/red] prices" in run(*command)[1]
    assert "by [/a]" in run("history", "prices")[1]
    assert "prices" in run("verify")[1]


def test_verify_fails_on_what_is_expired(filled: Run, knowledge: Path) -> None:
    assert filled("verify")[0] == 0
    write_entry(knowledge, "old", title="Old things", valid_until="2020-01-01")
    filled("ingest", knowledge, "--lexical-only")
    code, told = filled("verify")
    assert code == 1
    assert "expired" in told


def test_looking_before_the_first_ingest_says_what_to_do(run: Run) -> None:
    for command in (["stats"], ["list"], ["show", "x"], ["verify"], ["search", "x"]):
        code, told = run(*command)
        assert code == 2
        assert "retrieval ingest knowledge" in told


def test_a_wrong_setting_is_told_in_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETRIEVAL_EMBED_BATCH_SIZE", "many")
    code, told = run("stats")
    assert code == 2
    assert "RETRIEVAL_EMBED_BATCH_SIZE" in told
    assert "many" not in told


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"RETRIEVAL_TIME_ZONE": "Europe/Dublinn"}, "RETRIEVAL_TIME_ZONE: is no IANA time zone"),
        ({"RETRIEVAL_INDEX_DIR": "/proc/none/index"}, "cannot be used: No such file or directory"),
    ],
)
def test_what_an_ingest_cannot_use_is_told_in_a_sentence(
    run: Run, knowledge: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], told: str
) -> None:
    for variable, value in wrong.items():
        monkeypatch.setenv(variable, value)
    code, text = run("ingest", knowledge, "--lexical-only")
    assert code == 2
    assert told in text


def test_calibration_without_questions_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _ = run("calibrate", "--knowledge", tmp_path / "empty", "--out", tmp_path / "c.json")
    assert code == 2
    assert not (tmp_path / "c.json").exists()


def test_evaluation_without_any_set_is_no_success(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, told = run("evaluate", "--data", tmp_path / "none")
    assert code == 2
    assert "skipped stackfaq" in told
    assert "skipped demo" in told


def test_history_is_shown_and_an_entry_restored(filled: Run, knowledge: Path) -> None:
    write_entry(knowledge, "hours", title="When is the showroom open?", answer="From eleven.")
    filled("ingest", knowledge, "--lexical-only", "--by", "berta")
    assert "berta" in filled("history")[1]
    told = filled("history", "hours")[1]
    assert "-Monday to Saturday from 10:00." in told
    assert "+From eleven." in told
    code, told = filled("restore", "hours", "--to", 1, "--lexical-only")
    assert (code, "Restored: hours" in told) == (0, True)
    assert "Monday to Saturday" in filled("show", "hours")[1]
    assert filled("restore", "--to", 99)[0] == 2


def test_the_history_of_an_unknown_entry_is_told_in_a_sentence(filled: Run) -> None:
    code, told = filled("history", "nothing")
    assert (code, told.strip()) == (2, "Nothing is known of nothing.")

"""`make test` as a whole, with fake checks in place of the real ones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.frontdesk import testing
from scripts.frontdesk.layout import DEFAULT_PORTS, Layout
from scripts.frontdesk.progress import Progress
from scripts.frontdesk.stack import Stack
from scripts.frontdesk.steps import Plan, Step

REPORT = """import pathlib; pathlib.Path('var/test/reports').mkdir(parents=True)
pathlib.Path('var/test/reports/tests.xml').write_text(
    '<testsuites><testsuite tests="3" failures="{0}" errors="0"/></testsuites>')
raise SystemExit({0})"""
GOOD = {
    "lint": "",
    "model": "",
    "tests": REPORT.format(0),
    "conversations": "print('40 passed, 0 failed')",
    "simulate": "print('7 passed, 0 failed')",
    "eval-intents": 'print(\'{"accuracy": 0.99, "oos_auroc": 0.99}\')',
}


@pytest.fixture
def outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `make test` with some of the good fakes replaced; gives the exit code and what was said."""

    def run(**bad: str) -> tuple[int, list[str]]:
        def fake(name: str, *after: str, check: bool = True) -> Step:
            code = {**GOOD, **bad}[name]
            return Step(name=name, title=f"the {name}", command=(sys.executable, "-c", code), after=after, check=check)

        monkeypatch.setattr(testing, "lint_steps", lambda _: [fake("lint")])
        monkeypatch.setattr(testing, "model_steps", lambda _: [])
        monkeypatch.setattr(testing, "test_steps", lambda _, after: [fake("tests")] if after else [])
        monkeypatch.setattr(
            testing, "system_steps", lambda *_: [fake(name) for name in ("conversations", "simulate", "eval-intents")]
        )
        monkeypatch.setattr(testing, "missing_tools", list)
        monkeypatch.setattr(Stack, "plan", lambda *_, **__: Plan([fake("model", "lint", check=False)]))
        layout = Layout(tmp_path, tmp_path / "var", DEFAULT_PORTS)
        code = testing.run_tests(testing.throwaway(layout, {}, Progress()))
        return code, capsys.readouterr().out.splitlines()

    return run


def test_when_all_is_well_the_counts_are_added_up(outcome: Any) -> None:
    code, said = outcome()
    assert (code, said[-1]) == (0, "50 passed, 0 failed")


def test_a_failing_lint_fails_the_whole_and_the_rest_is_still_run(outcome: Any) -> None:
    code, said = outcome(lint="print('line 7 is too long'); raise SystemExit(1)")
    assert (code, said[-1]) == (1, "50 passed, 1 failed")
    assert "    line 7 is too long" in said
    assert "the lint failed" in said


def test_a_broken_invariant_of_the_simulator_fails_the_whole(outcome: Any) -> None:
    code, said = outcome(simulate="print('6 passed, 1 failed'); raise SystemExit(1)")
    assert (code, said[-1]) == (1, "49 passed, 1 failed")


def test_failing_tests_are_counted_once(outcome: Any) -> None:
    code, said = outcome(tests=REPORT.format(1))
    assert (code, said[-1]) == (1, "49 passed, 1 failed")


def test_a_check_that_fails_without_a_count_is_not_lost(outcome: Any) -> None:
    code, said = outcome(conversations=GOOD["conversations"] + "; raise SystemExit(2)")
    assert (code, said[-1]) == (1, "50 passed, 1 failed")


def test_when_the_system_cannot_be_built_the_failing_lint_is_told_too(outcome: Any) -> None:
    code, said = outcome(model="raise SystemExit('no data')", lint="print('too long'); raise SystemExit(1)")
    assert code == 1
    assert any("the model failed (exit code 1)" in line for line in said)
    assert "    no data" in said
    assert "    too long" in said


def test_each_run_begins_with_empty_data_and_ports_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "var" / "test").mkdir(parents=True)
    (tmp_path / "var" / "test" / "backoffice.db").touch()
    layout = Layout(tmp_path, tmp_path / "var", DEFAULT_PORTS)
    stack = testing.throwaway(layout, {"BACKOFFICE_DATABASE_URL": "postgresql://live", "HOME": "/"}, Progress())
    assert not (tmp_path / "var" / "test" / "backoffice.db").exists()
    assert not set(stack.layout.ports.values()) & set(DEFAULT_PORTS.values())
    assert stack.env["BACKOFFICE_DATABASE_URL"] == f"sqlite:///{tmp_path / 'var' / 'test' / 'backoffice.db'}"
    assert stack.env["HOME"] == "/"

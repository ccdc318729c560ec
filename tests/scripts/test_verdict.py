"""One closing line for pytest, the conversations and the figures together."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.frontdesk.verdict import Verdict

REPORT = """<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="2" tests="6">
<testcase name="a"/>
<testcase name="b"><properties>
<property name="second_try" value="tests/browser/test_x.py::test_b"/>
</properties></testcase>
<testcase classname="tests.x" name="c"><failure message="no"/></testcase>
<testcase classname="tests.x" name="d"><error message="no"/></testcase>
<testcase name="e"><skipped type="pytest.skip" message="no PostgreSQL"/></testcase>
<testcase name="f"><skipped type="pytest.xfail" message="known"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "tests.xml"
    path.write_text(REPORT, encoding="utf-8")
    return path


def test_tests_are_counted_and_expected_failures_are_neither(report: Path) -> None:
    verdict = Verdict()
    verdict.add_pytest(report, may_skip=True)
    assert verdict.closing_line() == "2 passed, 2 failed, 1 skipped"


def test_a_second_try_is_named_and_counts_as_passed(report: Path) -> None:
    verdict = Verdict()
    verdict.add_pytest(report, may_skip=True)
    assert verdict.notes() == ["needed a second try: tests/browser/test_x.py::test_b"]
    assert verdict.passed == 2


def test_failed_tests_and_conversations_are_named_with_their_reason(report: Path, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("✗ said twice: sorry\n41 passed, 1 failed\n", encoding="utf-8")
    verdict = Verdict()
    verdict.add_pytest(report, may_skip=True)
    verdict.add_conversations(tmp_path / "log", report=report)
    verdict.add_conversations(tmp_path / "log", what="simulated customers")
    assert verdict.named() == [
        *["failed: tests.x::c: no", "failed: tests.x::d: no"] * 2,
        "failed: simulated customers: ✗ said twice: sorry",
    ]


def test_where_every_server_is_there_a_skipped_test_has_failed(report: Path) -> None:
    verdict = Verdict()
    verdict.add_pytest(report, may_skip=False)
    assert verdict.closing_line() == "2 passed, 3 failed"
    assert verdict.troubles == ["skipped where all must run: no PostgreSQL"]


def test_a_test_run_that_broke_off_counts_as_a_failure(tmp_path: Path) -> None:
    verdict = Verdict()
    verdict.add_pytest(tmp_path / "none.xml", may_skip=True)
    assert verdict.closing_line() == "0 passed, 1 failed"


def test_conversations_are_added(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("41 passed, 2 failed\n", encoding="utf-8")
    verdict = Verdict(passed=10)
    verdict.add_conversations(tmp_path / "log")
    assert verdict.closing_line() == "51 passed, 2 failed"


def test_conversations_that_were_not_played_to_the_end_are_a_failure(tmp_path: Path) -> None:
    verdict = Verdict()
    verdict.add_conversations(tmp_path / "none")
    assert verdict.failed == 1


@pytest.mark.parametrize(
    ("line", "failed"),
    [
        ('{"accuracy": 0.95, "oos_auroc": 0.96}', 0),
        ('{"accuracy": 0.91, "oos_auroc": 0.96}', 1),
        ('{"accuracy": 0.95}', 1),
        ("Traceback", 2),
    ],
)
def test_figures_below_the_goal_fail_and_so_do_missing_ones(tmp_path: Path, line: str, failed: int) -> None:
    (tmp_path / "log").write_text(f"a table\n{line}\n", encoding="utf-8")
    verdict = Verdict()
    verdict.add_intent_figures(tmp_path / "log", {"accuracy": 0.92, "oos_auroc": 0.95})
    assert verdict.failed == failed

"""What all the checks together say: counts, what failed and why, and figures that are not good enough."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.frontdesk.child import tail

INTENT_GATES: Mapping[str, float] = {"accuracy": 0.92, "oos_auroc": 0.95}
"""Issue 3's figures for the intent model; below them the run fails."""

SECOND_TRY = "second_try"
"""The property that a test writes into its report when it was started again because its page was too slow."""

_CLOSING_LINE = re.compile(r"(\d+) passed, (\d+) failed")
_BROKEN_LINE = re.compile(r"✗ .+")
_NAMED = 30
_REASON_CHARACTERS = 160


@dataclass
class Verdict:
    """Counts of tests and conversations, and a sentence for each thing that is wrong."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    troubles: list[str] = field(default_factory=list)
    second_tries: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add_pytest(self, report: Path, *, may_skip: bool) -> None:
        """Count a JUnit report. Where nothing may be skipped, each skipped test is a failure with its reason."""
        try:
            root = ET.parse(report).getroot()  # noqa: S314 - written by our own pytest
        except (OSError, ET.ParseError):
            self.add_trouble(f"{report.name} was not written: the test run broke off.")
            return
        self.failures += _failed_cases(root)
        for suite in root.iter("testsuite"):
            total, failed = int(suite.get("tests", 0)), int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            reasons = [skip.get("message", "") for skip in suite.iter("skipped") if skip.get("type") == "pytest.skip"]
            expected = len(list(suite.iter("skipped"))) - len(reasons)
            self.second_tries += [
                tried.get("value", "") for tried in suite.iter("property") if tried.get("name") == SECOND_TRY
            ]
            self.failed += failed
            self.passed += total - failed - len(reasons) - expected
            self.skipped += len(reasons)
            if reasons and not may_skip:
                self.failed += len(reasons)
                self.skipped -= len(reasons)
                self.troubles += sorted({f"skipped where all must run: {reason}" for reason in reasons})

    def add_conversations(self, log: Path, *, report: Path | None = None, what: str = "conversations") -> None:
        """Count what the conversation runner, or the simulator, said at its end.

        The failed ones are named from the JUnit ``report``, or else from the lines that begin with ✗.
        """
        counts = [_CLOSING_LINE.search(line) for line in reversed(tail(log, 50))]
        found = next((count for count in counts if count), None)
        if found is None:
            self.add_trouble(f"The {what} were not played to their end.")
            return
        self.passed += int(found[1])
        self.failed += int(found[2])
        if report is None:
            self.failures += [f"{what}: {line}" for line in tail(log, 1000) if _BROKEN_LINE.match(line)]
        elif report.exists():
            self.failures += _failed_cases(ET.parse(report).getroot())  # noqa: S314 - written by our own runner

    def add_intent_figures(self, log: Path, gates: Mapping[str, float] = INTENT_GATES) -> None:
        """Compare the figures in the last line of the evaluation with ``gates``."""
        figures = _last_json(tail(log, 50))
        for name, least in gates.items():
            value = figures.get(name)
            if not isinstance(value, int | float):
                self.add_trouble(f"The evaluation of the intent model gave no figure {name!r}.")
            elif value < least:
                self.add_trouble(f"The intent model's {name} is {value:.3f}, below {least}.")

    def add_trouble(self, sentence: str) -> None:
        """Something that counts as one failure."""
        self.failed += 1
        self.troubles.append(sentence)

    def notes(self) -> list[str]:
        """What is no failure and yet to be looked at: a test that needed a second try may have met a real race."""
        return [f"needed a second try: {test}" for test in self.second_tries]

    def named(self) -> list[str]:
        """Each failed test and conversation with the first line of its reason: what to look at first."""
        more = len(self.failures) - _NAMED
        return [f"failed: {one}" for one in self.failures[:_NAMED]] + ([f"… and {more} more"] if more > 0 else [])

    def closing_line(self) -> str:
        """``N passed, N failed`` and, if any, ``, N skipped``."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def _failed_cases(root: ET.Element) -> list[str]:
    """``module::test: reason`` of each failed case of a JUnit report."""
    named = []
    for case in root.iter("testcase"):
        found = next((part for part in case if part.tag in ("failure", "error")), None)
        if found is not None:
            reason = " ".join(found.get("message", "").split())[:_REASON_CHARACTERS]
            named.append(f"{case.get('classname', '')}::{case.get('name', '')}: {reason}")
    return named


def _last_json(lines: Sequence[str]) -> Mapping[str, object]:
    for line in _latest_first(lines):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return {}


def _latest_first(lines: Sequence[str]) -> Iterable[str]:
    return (line for line in reversed(lines) if line.startswith("{"))

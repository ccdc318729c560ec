"""The run as JUnit XML, which every CI system can show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from conversation_runner.player import Played
from conversation_runner.suite import SuiteResult
from conversation_runner.terminal import failure_as_text

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0 has no way to write other characters, and customers of scenarios send them on purpose."""


def write_junit(path: Path, result: SuiteResult, seconds: float) -> None:
    """Write ``path``, making its folder when needed."""
    root = ET.Element("testsuites")
    suite = ET.SubElement(
        root,
        "testsuite",
        name="conversations",
        tests=str(len(result.played) + len(result.not_run)),
        failures=str(_outcomes(result.played, "failed")),
        errors=str(_outcomes(result.played, "broken")),
        skipped=str(len(result.not_run)),
        time=f"{seconds:.3f}",
    )
    for played in result.played:
        case = _case(suite, played.file.name, f"{played.seconds:.3f}")
        if played.outcome != "passed":
            kind = "failure" if played.outcome == "failed" else "error"
            first = played.differences[0] if played.differences else None
            message = f"{first.field}: expected {first.expected}, got {first.got}" if first else str(played.reason)
            ET.SubElement(case, kind, message=_clean(message)).text = _clean(failure_as_text(played))
    for file in result.not_run:
        ET.SubElement(_case(suite, file.name, "0"), "skipped", message="not run: the run ended before it")
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _case(suite: ET.Element, name: str, seconds: str) -> ET.Element:
    folder, _, last = name.rpartition("/")
    return ET.SubElement(suite, "testcase", classname=folder or "conversations", name=last, time=seconds)


def _outcomes(played: Sequence[Played], outcome: str) -> int:
    return sum(one.outcome == outcome for one in played)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)

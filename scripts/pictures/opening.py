"""Opening hours under which the pictures can be taken on a Sunday night. Standard library only: the driver asks."""

from __future__ import annotations

import re
from pathlib import Path

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def always_open(company: Path, written: Path) -> Path:
    """Write the company's file with somebody there at any hour to ``written``."""
    text = re.sub(r"^ +holidays:.*\n", "", company.read_text(encoding="utf-8"), flags=re.MULTILINE)
    before, hours, _ = text.partition("  hours:\n")
    days = [f'    {day}: ["00:00", "23:59:59"]\n' for day in _DAYS]
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text("".join([before, hours, *days]), encoding="utf-8")
    return written

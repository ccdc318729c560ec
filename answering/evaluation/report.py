"""Showing figures, and keeping them beside all other measurements."""

import json
from collections.abc import Mapping
from pathlib import Path

_MEASUREMENTS = Path("var/measurements")


def keep(name: str, figures: Mapping[str, object]) -> None:
    """One line of JSON in ``var/measurements``."""
    _MEASUREMENTS.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"measurement": name, **figures})
    (_MEASUREMENTS / f"{name}.json").write_text(line + "\n", "utf-8")


def show(title: str, figures: Mapping[str, object]) -> None:
    """The figures as a short list."""
    print(f"\n{title}")
    for name, value in figures.items():
        told = ", ".join(f"{key} {number}" for key, number in value.items()) if isinstance(value, Mapping) else value
        print(f"  {name.replace('_', ' '):16} {told}")


def lines_of(path: Path) -> list[str]:
    """The lines of an evaluation file without comments and empty ones."""
    return [line for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]

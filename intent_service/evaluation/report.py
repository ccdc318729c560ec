"""Where measurements go: pictures and one line of JSON under ``var/measurements/``."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from intent_service.evaluation.model import Evaluation

MEASUREMENTS = Path("var/measurements")


def keep(target: str, entry: dict[str, Any], *, now: datetime, folder: Path = MEASUREMENTS) -> str:
    """Write one line of JSON to ``<folder>/<target>.json`` and return it."""
    line = json.dumps({"target": target, "at": now.isoformat(timespec="seconds"), **entry}, ensure_ascii=False)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{target}.json").write_text(line + "\n", encoding="utf-8")
    return line


def account(evaluation: Evaluation, *, slips: int = 15) -> str:
    """The figures and the most frequent confusions, for a person to read."""
    lines = [f"model {evaluation.model}"]
    lines += [f"  {name:<14} {value:g}" for name, value in evaluation.figures.items()]
    wrong = Counter((one.gold, one.best) for one in evaluation.judgements if one.gold and one.best != one.gold)
    if wrong:
        lines.append("most frequent confusions:")
        lines += [f"  {count:>3}  {gold} taken for {best}" for (gold, best), count in wrong.most_common(slips)]
    weakest = Counter(one.gold for one in evaluation.judgements if one.gold and not one.kept)
    if weakest:
        lines.append("in-scope sentences rejected, by intent:")
        lines += [f"  {count:>3}  {gold}" for gold, count in weakest.most_common(slips)]
    return "\n".join(lines)

"""Whether a text tries to give a language model orders: one signal among others.

A suspicious message is still answered from the knowledge, only not by a model. What such a text could reach is bounded
elsewhere: rights are applied below the model, tools are narrow, what it writes is checked.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import yaml

SHIPPED = Path(__file__).with_name("injection.yml")
_STRONG, _WEAK = 2, 1
_LOOKALIKES = str.maketrans("аеорсухіјѕԁɡӏ０１３４５＠$", "aeopcyxijsdgl01345as")
_SPREAD = re.compile(r"\b(?:\w[.\-*_ ]){4,}\w\b")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How suspicious a text is, and which signs it shows (``override``, ``extraction``, ``persona`` …)."""

    score: int
    signs: tuple[str, ...]
    suspicious: bool


@functools.lru_cache(maxsize=2)
def _signs(path: Path) -> tuple[int, tuple[tuple[str, int, tuple[re.Pattern[str], ...]], ...]]:
    file = yaml.safe_load(path.read_text("utf-8"))
    listed = [
        (name, weight, tuple(re.compile(line, re.IGNORECASE) for line in lines))
        for strength, weight in (("strong", _STRONG), ("weak", _WEAK))
        for name, lines in file[strength].items()
    ]
    return int(file["suspicious_at"]), tuple(listed)


def suspicion_of(text: str, path: Path = SHIPPED) -> Suspicion:
    """The signs that ``text`` shows, as written and with look-alike letters and spread letters made plain."""
    threshold, signs = _signs(path)
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").casefold().translate(_LOOKALIKES)
    together = _SPREAD.sub(lambda match: re.sub(r"[.\-*_ ]", "", match[0]), plain)
    found = [
        (name, weight)
        for name, weight, patterns in signs
        if any(pattern.search(version) for pattern in patterns for version in (text, plain, together))
    ]
    score = sum(weight for _, weight in found)
    return Suspicion(score, tuple(name for name, _ in found), suspicious=score >= threshold)

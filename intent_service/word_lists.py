"""The small word lists of ``words.yml``."""

from functools import cache
from pathlib import Path

import yaml


@cache
def word_list(name: str) -> frozenset[str]:
    """One list by its name, read once a process."""
    content = yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))
    return frozenset(str(content[name]).split())

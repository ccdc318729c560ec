"""Names and words that must be the source's own: products, places, means of payment, states, deadlines."""

import functools
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

SHIPPED = Path(__file__).with_name("terms.yml")
_PATH = re.compile(r"\b(?:My account|[A-Z]\w*)(?: > [A-Z][\w ]*)+")


@dataclass(frozen=True, slots=True)
class Group:
    """Members of which one cannot stand for another; ``strict``: also where the source has none of them."""

    name: str
    strict: bool
    members: dict[str, re.Pattern[str]]

    def used_in(self, text: str) -> set[str]:
        """The members that ``text`` uses, by name."""
        return {name for name, pattern in self.members.items() if pattern.search(text)}


@functools.lru_cache(maxsize=2)
def groups(path: Path = SHIPPED) -> tuple[Group, ...]:
    """The groups of the file."""
    file = yaml.safe_load(path.read_text("utf-8"))
    return tuple(
        Group(str(name), kind == "strict", dict(_members(str(listed))))
        for kind in ("strict", "apart")
        for name, listed in file[kind].items()
    )


def _members(listed: str) -> Iterable[tuple[str, re.Pattern[str]]]:
    for member in filter(None, (part.strip() for part in listed.split(","))):
        forms = "|".join(_form(form.strip()) for form in member.split("|"))
        yield member.split("|", maxsplit=1)[0], re.compile(rf"(?<![\w-])(?:{forms})(?![\w])")


def _form(written: str) -> str:
    """Small letters stand for either case; a form with a capital is meant as it is written ("Plus" is no "plus")."""
    plain = re.escape(written).replace(r"\ ", "[ -]")
    return plain if written != written.casefold() else f"(?i:{plain})"


def foreign_in(text: str, source: str) -> list[str]:
    """Members of strict groups, and paths through menus, that ``text`` names and ``source`` does not."""
    strict = [group for group in groups() if group.strict]
    found = [name for group in strict for name in sorted(group.used_in(text) - group.used_in(source))]
    paths = [path.strip() for path in _PATH.findall(text) if not _holds_path(source.casefold(), path.casefold())]
    return found + paths


def placed_members(text: str) -> list[tuple[int, str, str]]:
    """Each mention of a member: place of its first character, group, member."""
    return [
        (match.start(), group.name, name)
        for group in groups()
        for name, pattern in group.members.items()
        for match in pattern.finditer(text)
    ]


def swapped_in(text: str, source: str) -> list[tuple[str, str]]:
    """Members that ``text`` uses where ``source`` has others of their group: (said, meant)."""
    found: list[tuple[str, str]] = []
    for group in groups():
        used, known = group.used_in(text), group.used_in(source)
        if not group.strict and known:
            found += [(name, min(known)) for name in sorted(used - known)]
    return found


def _holds_path(source: str, path: str) -> bool:
    """Whether each step of the path follows the other in the source; the sentence may go on behind the last one."""
    steps = [step.strip() for step in path.split(" > ")]
    return all(
        any(f"{one} > {' '.join(words[:count])}" in source for count in range(len(words), 0, -1))
        for one, words in ((one, two.split()) for one, two in itertools.pairwise(steps))
    )

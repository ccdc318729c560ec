"""Rasa's training data on disk: what it holds, and the one file of it that corrections are written to."""

import csv
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from contracts.training_data import fingerprint_of
from desk.errors import NotPossible
from desk.reviews.examples import Example, Training, normal_form, without_annotations

FILE = "corrections.yml"
_HEAD = """\
# What customers wrote and a colleague corrected in the console, by `python -m desk corrections export`. Lines may be
# moved to other files or deleted, but not edited here. `conversation` is the hash by which a receipt of an erasure
# names a conversation.
"""
_DESCRIBED = re.compile(r"((?:^#[^\n]*\n)+)- intent: *(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Intent:
    """A name to choose from; the description is the comment above it in ``data/nlu``."""

    name: str
    description: str
    examples: int


@dataclass(frozen=True)
class TrainingFiles:
    """``data`` is the folder of NLU data, ``domain`` Rasa's, ``held_back`` folders of sentences that only measure."""

    data: Path
    domain: Path
    held_back: Sequence[Path] = ()

    def read(self) -> Training:
        """What is trained already.

        Raises:
            NotPossible: the files are not there or cannot be read.
        """
        known = {normal_form(without_annotations(text)): intent for intent, text in self._examples()}
        held_back = (normal_form(text) for folder in self.held_back for text in _sentences_in(folder))
        return Training(frozenset(self._declared("intents")), known, frozenset(filter(None, held_back)))

    def fingerprint(self) -> str:
        """By what a model that was trained on these sentences names them.

        Raises:
            NotPossible: as for ``read``.
        """
        return fingerprint_of((intent, without_annotations(text)) for intent, text in self._examples())

    def intents(self) -> list[Intent]:
        """What may be chosen, by name.

        Raises:
            NotPossible: as for ``read``.
        """
        counts: dict[str, int] = {}
        for intent, _ in self._examples():
            counts[intent] = counts.get(intent, 0) + 1
        described = self._descriptions()
        return [Intent(name, described.get(name, ""), counts.get(name, 0)) for name in self._declared("intents")]

    def entities(self) -> list[str]:
        """Names that the domain knows.

        Raises:
            NotPossible: as for ``read``.
        """
        return self._declared("entities")

    def rendered(self, examples: Iterable[Example]) -> str:
        """The file with these examples besides those that it has."""
        by_intent: dict[str, list[dict[str, Any]]] = {}
        path = self.data / FILE
        for section in _sections(path) if path.exists() else ():
            by_intent.setdefault(str(section["intent"]), []).extend(dict(one) for one in section["examples"])
        for example in examples:
            line = {"text": example.text, "metadata": dict(example.source)}
            by_intent.setdefault(example.intent, []).append(line)
        nlu = [{"intent": name, "examples": lines} for name, lines in sorted(by_intent.items())]
        body = yaml.safe_dump({"nlu": nlu}, allow_unicode=True, sort_keys=False, width=1000)
        return f'version: "3.1"\n\n{_HEAD}{body}'

    def write(self, examples: Sequence[Example]) -> Path:
        """Add the examples to the file, whole or not at all.

        Raises:
            NotPossible: the folder is not there or may not be written.
        """
        path = self.data / FILE
        try:
            fresh = path.with_suffix(".tmp")
            fresh.write_text(self.rendered(examples), encoding="utf-8")
            fresh.replace(path)
        except OSError as error:
            raise NotPossible(f"The training data cannot be written here: {error.strerror}.") from error
        return path

    @property
    def writable(self) -> bool:
        """Whether ``write`` may succeed."""
        return self.data.is_dir() and os.access(self.data, os.W_OK)

    def _examples(self) -> Iterator[tuple[str, str]]:
        files = sorted(self.data.rglob("*.yml"))
        if not files:
            raise NotPossible(f"There is no training data in {self.data.as_posix()} on this machine.")
        for file in files:
            for section in _sections(file):
                for text in _lines(section.get("examples")):
                    yield str(section["intent"]), text

    def _declared(self, what: str) -> list[str]:
        files = sorted(self.domain.rglob("*.yml")) if self.domain.is_dir() else [self.domain]
        names: set[str] = set()
        for file in files:
            for item in _load(file).get(what) or []:
                names.update(item if isinstance(item, dict) else [str(item)])
        return sorted(names)

    def _descriptions(self) -> dict[str, str]:
        found = {}
        for file in sorted(self.data.rglob("*.yml")):
            for comment, name in _DESCRIBED.findall(_text_of(file)):
                found[name] = " ".join(line.lstrip("# ") for line in comment.splitlines())
        return found


def _sections(file: Path) -> Iterator[Mapping[str, Any]]:
    for section in _load(file).get("nlu") or []:
        if isinstance(section, dict) and "intent" in section:
            yield section


def _lines(examples: Any) -> Iterator[str]:
    if isinstance(examples, str):
        yield from (line.strip()[1:].strip() for line in examples.split("\n") if line.strip().startswith("-"))
    elif isinstance(examples, list):
        for one in examples:
            yield str(one.get("text", "") if isinstance(one, dict) else one).strip()


def _load(file: Path) -> Mapping[str, Any]:
    try:
        state = file.stat()
    except OSError as error:
        raise NotPossible(f"{file.as_posix()} cannot be read on this machine.") from error
    return _parsed(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=128)  # each correction asks for the names; parsing takes a third of a second away from turns
def _parsed(file: Path, _changed: int, _size: int) -> Mapping[str, Any]:
    try:
        content = yaml.load(_text_of(file), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise NotPossible(f"{file.as_posix()} is not valid YAML.") from error
    return content if isinstance(content, dict) else {}


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotPossible(f"{file.as_posix()} cannot be read on this machine.") from error


def _sentences_in(folder: Path) -> Iterator[str]:
    """Every text in the files of a folder that may be a customer's sentence; what is none does no harm."""
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.suffix == ".csv":
            yield from (cell for row in csv.reader(_text_of(file).splitlines()) for cell in row)
        elif file.suffix == ".jsonl":
            yield from (text for line in _text_of(file).splitlines() if line for text in _texts(json.loads(line)))
        elif file.suffix == ".txt":
            yield from (line.split("|")[0] for line in _text_of(file).splitlines())
        elif file.suffix in {".yml", ".yaml"}:
            yield from _texts(_load(file))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)

"""Reading the prompts, and choosing the version for a conversation."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from answering.llm.model import Message

_FOLDER = Path(str(files("answering.prompts")))


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """One version, filled in for the company."""

    name: str
    system: str
    examples: tuple[Message, ...]
    question: Template
    tools: bool
    max_tokens: int


class PromptLibrary:
    """The versions in use, each with its share of the conversations."""

    def __init__(self, shares: Mapping[str, int], company: Path | None = None) -> None:
        """Read the versions named in ``shares``.

        Raises:
            ValueError: there is no such version, or it or the profile lacks something.
        """
        try:
            profile = _profile(company)
            self._versions = {name: _read(name, profile) for name in shares}
        except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
            raise ValueError(f"the prompts cannot be used: {type(error).__name__} {error}") from error
        self._shares = dict(shares)

    def version_for(self, conversation_id: str) -> PromptVersion:
        """The same version for a conversation each time, in every process."""
        digest = hashlib.sha256(f"prompts:{conversation_id}".encode()).digest()
        point = int.from_bytes(digest[:8], "big") % sum(self._shares.values())
        for name, share in self._shares.items():
            point -= share
            if point < 0:
                return self._versions[name]
        raise AssertionError("shares add up to their sum")


def shares_of(setting: str) -> dict[str, int]:
    """``1`` or ``1:90,2:10`` as a share by version.

    Raises:
        ValueError: it is neither.
    """
    shares: dict[str, int] = {}
    for part in filter(None, map(str.strip, setting.split(","))):
        name, _, share = part.partition(":")
        shares[name] = int(share or 1)
    if not shares or min(shares.values()) < 1:
        raise ValueError(f"{setting!r} names no version of the prompts, or a share below 1")
    return shares


def handoff_instructions(name: str, company: Path | None = None) -> str:
    """What a model is told that sums a conversation up for a colleague, filled in for the company.

    Raises:
        ValueError: there is no such version, or the profile cannot be used.
    """
    file = _FOLDER / "handoff" / f"{name}.md"
    if file.parent != _FOLDER / "handoff" or not file.is_file():
        known = sorted(path.stem for path in (_FOLDER / "handoff").glob("*.md"))
        raise ValueError(f"there are no instructions {name!r} for summaries; there are {', '.join(known)}")
    try:
        return Template(file.read_text("utf-8").strip()).substitute(_profile(company))
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"the prompts cannot be used: {type(error).__name__} {error}") from error


def fenced(number: int, title: str, text: str) -> str:
    """A source as a model reads it. Nothing in it can close the fence: angle brackets become other signs."""
    heading = harmless(title).replace('"', "'")
    return f'<source id="{number}" title="{heading}">\n{harmless(text)}\n</source>'


def harmless(text: str) -> str:
    """``text`` without the signs that fences are made of."""
    return text.replace("<", "‹").replace(">", "›")


def _profile(company: Path | None) -> dict[str, Any]:
    return tomllib.loads((company or _FOLDER / "company.toml").read_text("utf-8"))


def _read(name: str, profile: Mapping[str, Any]) -> PromptVersion:
    folder = _FOLDER / name
    if not folder.resolve().is_relative_to(_FOLDER.resolve()) or not folder.is_dir():
        known = sorted(path.name for path in _FOLDER.iterdir() if (path / "prompt.toml").exists())
        raise ValueError(f"there are no prompts {name!r}; there are {', '.join(known)}")
    options = tomllib.loads((folder / "prompt.toml").read_text("utf-8"))
    question = Template((folder / "question.md").read_text("utf-8").strip())
    parts = ["persona.md", "task.md", *(["tools.md"] if options["tools"] else [])]
    system = "\n\n".join(Template((folder / part).read_text("utf-8").strip()).substitute(profile) for part in parts)
    examples = tomllib.loads((folder / "examples.toml").read_text("utf-8"))["example"]
    messages = [message for example in examples for message in _example(example, question)]
    return PromptVersion(name, system, tuple(messages), question, options["tools"], options["max_tokens"])


def _example(example: Mapping[str, Any], question: Template) -> Sequence[Message]:
    sources = "\n".join(fenced(number, "", text) for number, text in enumerate(example["sources"], start=1))
    asked = question.substitute(sources=sources, question=example["question"])
    return Message("user", asked), Message("assistant", example["answer"])

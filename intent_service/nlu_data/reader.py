"""Read Rasa NLU YAML: intents with their examples, lookups, synonyms, regular expressions.

Line numbers are kept, because a developer mends data by file and line. The format is the one of
https://legacy-docs-oss.rasa.com/docs/rasa/training-data-format/ (version 3.1).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from intent_service.errors import BadTrainingData, DataProblem
from intent_service.nlu_data.csv_reader import read_csv
from intent_service.nlu_data.model import Example, TrainingData
from intent_service.nlu_data.vocabulary import RawVocabulary, gazetteer_from

# [text](entity), [text](entity:value), [text]{"entity": …}: Rasa's three ways to annotate
ANNOTATION = re.compile(r"\[(?P<text>[^\]]+?)\](?:\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)|\{(?P<json>[^}]+?)\})")


@dataclass
class _Collected:
    examples: list[Example] = field(default_factory=list)
    vocabulary: RawVocabulary = field(default_factory=RawVocabulary)
    problems: list[DataProblem] = field(default_factory=list)


def read_training_data(path: Path) -> TrainingData:
    """Read a folder of ``*.yml`` files, one YAML file, or a CSV file with the columns text and intent.

    Raises:
        BadTrainingData: nothing there, or a file that cannot be read as what it claims to be.
    """
    if path.suffix == ".csv":
        return read_csv(path)
    files = sorted([*path.rglob("*.yml"), *path.rglob("*.yaml")]) if path.is_dir() else [path]
    if not files or not files[0].exists():
        raise BadTrainingData([DataProblem(str(path), 0, "no training data here (*.yml or a .csv file)")])
    collected = _Collected()
    for file in files:
        _read_file(file, collected)
    if collected.problems:
        raise BadTrainingData(collected.problems)
    return TrainingData(tuple(collected.examples), gazetteer_from(collected.vocabulary))


def _read_file(file: Path, collected: _Collected) -> None:
    name = file.as_posix()
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "not UTF-8 text"
        collected.problems.append(DataProblem(name, mark.line + 1 if mark else 1, f"is not valid YAML: {reason}"))
        return
    for section in _sections(root):
        _read_section(name, section, collected)


def _sections(root: yaml.Node | None) -> Iterator[dict[str, yaml.Node]]:
    """The mappings under the top-level key ``nlu``."""
    if not isinstance(root, yaml.MappingNode):
        return
    for key, value in root.value:
        if key.value == "nlu" and isinstance(value, yaml.SequenceNode):
            for item in value.value:
                if isinstance(item, yaml.MappingNode):
                    yield {str(k.value): v for k, v in item.value}


def _read_section(name: str, section: dict[str, yaml.Node], collected: _Collected) -> None:
    kind = next((kind for kind in ("intent", "lookup", "synonym", "regex") if kind in section), None)
    if kind is None:
        return
    title, line = str(section[kind].value), section[kind].start_mark.line + 1
    entries = list(_entries(section["examples"])) if "examples" in section else []
    if not entries:
        collected.problems.append(DataProblem(name, line, f"{kind} {title!r} has no examples"))
    for text, at in entries:
        if kind == "intent":
            plain = _plain(text, collected.vocabulary)
            collected.examples.append(Example(plain, title, name, at))
        else:
            collected.vocabulary.add(kind, title, text)


def _entries(node: yaml.Node) -> Iterator[tuple[str, int]]:
    """Each example with its line; ``examples`` is a block of ``- …`` lines or a list of mappings."""
    if isinstance(node, yaml.ScalarNode):
        first = node.start_mark.line + (2 if node.style in {"|", ">"} else 1)
        for offset, raw in enumerate(node.value.split("\n")):
            line = raw.strip()
            if line.startswith("-"):
                yield line[1:].strip(), first + offset
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            at = item.start_mark.line + 1
            if isinstance(item, yaml.MappingNode):
                fields = {k.value: v.value for k, v in item.value}
                yield str(fields.get("text", "")).strip().removeprefix("-").strip(), at
            else:
                yield str(item.value).strip(), at


def _plain(annotated: str, vocabulary: RawVocabulary) -> str:
    """The sentence without its annotations, which are remembered as vocabulary."""

    def replace(match: re.Match[str]) -> str:
        entity, value = match["entity"], match["value"]
        if match["json"]:
            try:
                fields = json.loads("{" + match["json"] + "}")
            except json.JSONDecodeError:
                return match[0]
            entity, value = fields.get("entity"), fields.get("value")
        if entity and value:
            vocabulary.annotate(str(entity), match["text"], str(value))
        return match["text"]

    return ANNOTATION.sub(replace, annotated).strip()

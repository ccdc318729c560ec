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
from intent_service.nlu_data.yaml_problem import yaml_problem

# [text](entity), [text](entity:value), [text]{"entity": …}: Rasa's three ways to annotate
ANNOTATION = re.compile(r"\[(?P<text>[^\]]+?)\](?:\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)|\{(?P<json>[^}]+?)\})")


_TRAINING = frozenset({"version", "nlu", "stories", "rules", "responses"})
_DOMAIN = frozenset({"config", "intents", "entities", "slots", "forms", "actions", "session_config"})
_KINDS = ("intent", "lookup", "synonym", "regex")


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
    if path.suffix.lower() == ".csv":
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
        collected.problems.append(yaml_problem(name, error))
        return
    for section in _sections(name, root, collected.problems):
        _read_section(name, section, collected)


def _sections(name: str, root: yaml.Node | None, problems: list[DataProblem]) -> Iterator[yaml.Node]:
    """What stands in the list under the top-level key ``nlu``; a misspelt key must not lose it in silence."""
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        problems.append(DataProblem(name, 1, "must be a mapping with the key nlu"))
        return
    for key, value in root.value:
        if not isinstance(key, yaml.ScalarNode) or key.value not in _TRAINING | _DOMAIN:
            problems.append(DataProblem(name, _line(key), f"{_shown(key)} is no key of training data: nlu is meant?"))
        elif key.value == "nlu" and isinstance(value, yaml.SequenceNode):
            yield from value.value
        elif key.value == "nlu" and value.value:
            problems.append(DataProblem(name, _line(value), "nlu must be a list of sections"))


def _read_section(name: str, node: yaml.Node, collected: _Collected) -> None:
    section = {str(key.value): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
    kind = next((kind for kind in _KINDS if kind in section), None)
    if kind is None:
        message = "a section without intent, lookup, synonym or regex"
        collected.problems.append(DataProblem(name, _line(node), message))
        return
    if not isinstance(section[kind], yaml.ScalarNode):
        collected.problems.append(DataProblem(name, _line(section[kind]), f"the name of the {kind} must be plain text"))
        return
    title, line = section[kind].value, _line(section[kind])
    entries = list(_entries(section["examples"])) if "examples" in section else []
    if not entries:
        collected.problems.append(DataProblem(name, line, f"{kind} {title!r} has no examples"))
    for text, at in entries:
        if kind == "intent":
            plain = _plain(text, collected.vocabulary)
            collected.examples.append(Example(plain, title, name, at))
        else:
            collected.vocabulary.add(kind, title, text)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _shown(key: yaml.Node) -> str:
    return repr(key.value) if isinstance(key, yaml.ScalarNode) else "this"


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

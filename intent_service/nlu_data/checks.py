"""What must be mended before a training run is worth its minutes."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from intent_service.errors import BadTrainingData, DataProblem
from intent_service.nlu_data.model import Example, TrainingData
from intent_service.nlu_data.yaml_problem import yaml_problem

FEWEST_EXAMPLES = 2
"""With one example an intent can neither be held back to calibrate nor told from a slip."""

FEWEST_INTENTS = 2


def check_training_data(data: TrainingData, *, domain: Path | None = None) -> list[DataProblem]:
    """Find what is wrong with the data.

    Args:
        data: What was read.
        domain: Rasa's domain, one file or a folder of domain files; without one, any intent will do.

    Returns:
        The notes that do not stop a training run.

    Raises:
        BadTrainingData: at least one fatal problem; all problems of the data are in it.
    """
    problems = [*_empty(data.examples), *_repeated(data.examples), *_thin(data)]
    if domain is not None:
        problems += _outside_domain(data, domain)
    problems.sort(key=lambda problem: (problem.file, problem.line))
    if any(problem.fatal for problem in problems):
        raise BadTrainingData(problems)
    return problems


def normalised(text: str) -> str:
    """The sentence as the encoder nearly sees it: lower case, single spaces, no closing punctuation."""
    return re.sub(r"\s+", " ", text).strip().strip(".!?…").casefold()


def _empty(examples: Sequence[Example]) -> Iterator[DataProblem]:
    for example in examples:
        if not example.text.strip():
            yield DataProblem(example.file, example.line, f"an example of {example.intent!r} is empty")
        if not example.intent:
            yield DataProblem(example.file, example.line, "an example has no intent")


def _repeated(examples: Sequence[Example]) -> Iterator[DataProblem]:
    first: dict[str, Example] = {}
    for example in examples:
        key = normalised(example.text)
        other = first.setdefault(key, example)
        if other is example or not key:
            continue
        where = f"{other.file}:{other.line}"
        if other.intent != example.intent:
            message = f"{example.text!r} is in {example.intent!r} and, at {where}, in {other.intent!r}"
            yield DataProblem(example.file, example.line, message)
        else:
            message = f"{example.text!r} repeats {where}"
            yield DataProblem(example.file, example.line, message, fatal=False)


def _thin(data: TrainingData) -> Iterator[DataProblem]:
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in data.labelled:
        by_intent[example.intent].append(example)
    for intent, examples in by_intent.items():
        distinct = {normalised(example.text) for example in examples}
        if len(distinct) < FEWEST_EXAMPLES:
            message = f"intent {intent!r} has one example; {FEWEST_EXAMPLES} are the least, 10 a good start"
            yield DataProblem(examples[0].file, examples[0].line, message)
    if len(by_intent) < FEWEST_INTENTS:
        file = data.examples[0].file if data.examples else "training data"
        yield DataProblem(file, 1, f"{len(by_intent)} intents found; {FEWEST_INTENTS} are the least")


def _outside_domain(data: TrainingData, domain: Path) -> Iterator[DataProblem]:
    try:
        known = domain_intents(domain)
    except BadTrainingData as broken:
        yield from broken.problems
        return
    told: set[str] = set()
    for example in data.labelled:
        # a retrieval intent faq/ask_x stands in the domain as faq
        name = example.intent.split("/", 1)[0]
        if name not in known and name not in told:
            told.add(name)
            yield DataProblem(example.file, example.line, f"intent {name!r} is not in {domain.as_posix()}")


def domain_intents(domain: Path) -> frozenset[str]:
    """Intent names that a domain file, or a folder of them, declares.

    Raises:
        BadTrainingData: it is not there, or a file is no domain.
    """
    if not domain.exists():
        raise BadTrainingData([DataProblem(domain.as_posix(), 0, "there is no such domain")])
    files = sorted(domain.rglob("*.yml")) if domain.is_dir() else [domain]
    names: set[str] = set()
    problems: list[DataProblem] = []
    for file in files:
        try:
            names.update(_declared(file))
        except BadTrainingData as broken:
            problems += broken.problems
    if problems:
        raise BadTrainingData(problems)
    return frozenset(names)


def _declared(file: Path) -> Iterator[str]:
    name = file.as_posix()
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadTrainingData([yaml_problem(name, error)]) from error
    if not isinstance(content, dict):
        raise BadTrainingData([DataProblem(name, 1, "must be a mapping with the key intents")])
    intents = content.get("intents") or []
    if not isinstance(intents, list):
        raise BadTrainingData([DataProblem(name, 1, "intents must be a list")])
    for item in intents:
        yield from (str(key) for key in item) if isinstance(item, dict) else [str(item)]

"""What training data may be and yet is seldom meant: told, and no reason to stop."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from intent_service.nlu_data.checks import domain_intents, normalised
from intent_service.nlu_data.model import STRANGER_INTENTS, TrainingData

GOOD_START = 10
"""With fewer examples an intent is seldom recognised in other words than these."""

LONG = 800
"""Characters that surely are more than the 192 tokens that are read of a text."""

_MOST_NAMED = 8


def hints(data: TrainingData, *, domain: Path | None = None) -> Iterator[str]:
    """A sentence each; ``domain`` as for ``check_training_data``, which has accepted both."""
    for example in data.examples:
        if len(example.text) > LONG:
            yield f"{example.file}:{example.line}: {len(example.text)} characters, of which not all are read"
        if "[" in example.text or "]" in example.text:
            yield f"{example.file}:{example.line}: a square bracket is left over: is an annotation not closed?"
    distinct = {(example.intent, normalised(example.text)) for example in data.labelled}
    counts = Counter(intent for intent, _ in distinct)
    if few := [f"{intent} ({count})" for intent, count in sorted(counts.items()) if count < GOOD_START]:
        yield f"fewer than {GOOD_START} examples: {_some(few)}; {GOOD_START} are a good start, 40 are good"
    declared = domain_intents(domain) if domain else frozenset()
    known = {example.intent.split("/", 1)[0] for example in data.examples} | STRANGER_INTENTS
    if silent := sorted(declared - known):
        yield f"in {domain} but without an example, so that only buttons can mean it: {_some(silent)}"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more

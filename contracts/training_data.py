"""By what a trained model names the sentences it learnt from, so that others can tell whether it knows theirs."""

import hashlib
from collections.abc import Iterable


def fingerprint_of(examples: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over all ``(intent, text)`` pairs, texts without annotations; order and files do not matter."""
    lines = sorted(f"{intent}\t{text}" for intent, text in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

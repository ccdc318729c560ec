"""The language of a generated answer, where it is long enough to tell."""

import functools
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_FEWEST_WORDS = 8
_SURE = 0.95


@functools.lru_cache(maxsize=1)
def _identifier() -> Any:
    return LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)


def language_of(text: str) -> str | None:
    """ISO 639-1 code, or None when the text does not tell surely."""
    if len(text.split()) < _FEWEST_WORDS:
        return None
    code, confidence = _identifier().classify(text)
    return str(code) if confidence >= _SURE else None

"""Where a pasted e-mail signs off: what follows is about the sender, not about what they want."""

import re
from functools import cache

from intent_service.word_lists import word_list


def before_signature(text: str) -> str:
    """The text up to its sign-off; all of it when it has none, or nothing stands before it."""
    found = _sign_off().search(text)
    body = text[: found.start()] if found else text
    return body if any(c.isalnum() for c in body) else text


@cache
def _sign_off() -> re.Pattern[str]:
    """Two dashes, a short line that ends with a word of parting, or what phones add; never the first line."""
    words = "|".join(sorted(map(re.escape, word_list("sign_offs"))))
    return re.compile(
        rf"\n[ \t]*(?:--+[ \t]*\n|(?:[^\W\d_]+[ \t]+){{0,3}}(?:{words})[,.!]?[ \t]*(?:\n|$)|sent from my )",
        re.IGNORECASE,
    )

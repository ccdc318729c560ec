"""Passwords, PINs and codes that somebody tells although nobody asked."""

import re
from collections.abc import Iterator

from privacy.model import Find

_TOLD = re.compile(
    r"\b(?:pass ?word|pass ?code|pass ?phrase|pwd|pw|passwort|mot de passe|contraseña|pin(?: code| number)?|cvv|cvc2?"
    r"|security code|secret answer|access token|api[- ]?key)\b"
    r"(?:\s+(?:for|of|to|on)\s+(?:[\w'-]+\s+){0,3}?(?=is\b|was\b|[:=]))?"
    r"\s*(?:\bis\b|\bwas\b|\bare\b|:|=|->|→)+\s*(?:now |still |just |always )?[\"'“‘`(]?(?P<secret>[^\s\"'”’`)]{3,64})",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\b(?:pass ?word|pwd|pin|cvv|cvc)\s+(?P<secret>(?=\S*\d)(?=\S*[^\s\d]|\d{3,6}\b)\S{3,64})", re.IGNORECASE
)
_WORDS = frozenset({
    *("not", "wrong", "correct", "right", "incorrect", "invalid", "expired", "gone", "lost", "forgotten", "the", "a"),
    *("an", "my", "no", "too", "never", "always", "still", "it", "that", "this", "what", "only", "also", "being"),
    *("case", "needed", "required", "rejected", "refused", "accepted", "ok", "okay", "fine", "valid", "secure", "safe"),
    *("weak", "strong", "blocked", "locked", "reset", "changed", "unknown", "stored", "sent", "sensitive", "long"),
    *("short", "there", "where", "how", "so", "very", "really", "from", "and", "old", "new", "different", "same"),
    *("saved", "for", "on", "in", "working", "broken", "missing", "protected", "free", "public", "private"),
})  # fmt: skip
"""What is said about a password is none."""


def passwords(text: str) -> Iterator[Find]:
    """What follows "my password is" and the like, unless it is a word that says something about the password."""
    for pattern in (_TOLD, _BARE):
        for match in pattern.finditer(text):
            secret = match["secret"].rstrip(".,;!?")
            if len(secret) >= 3 and secret.casefold() not in _WORDS:  # noqa: PLR2004 - shorter is no secret
                yield Find("password", match.start("secret"), match.start("secret") + len(secret), secret)

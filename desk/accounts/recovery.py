"""Codes on paper for whoever has lost the phone with the authenticator; each opens once, in the place of its code."""

import base64
import secrets

from desk.tokens import token_hash

COUNT = 10
_BYTES = 10  # 80 bits each: a plain hash is enough, nobody guesses them from it
_GROUP = 4


def new_codes() -> list[str]:
    """As they are shown, once."""
    return [_grouped(base64.b32encode(secrets.token_bytes(_BYTES)).decode()) for _ in range(COUNT)]


def is_recovery_code(given: str) -> bool:
    """Whether this may be one, and not what an authenticator shows."""
    return len(_plain(given)) == _BYTES * 8 // 5


def hashed(code: str) -> str:
    """What is stored of one; spaces, hyphens and case do not matter."""
    return token_hash(_plain(code))


def _plain(given: str) -> str:
    return given.replace("-", "").replace(" ", "").strip().upper()


def _grouped(code: str) -> str:
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))

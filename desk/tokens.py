"""Random secrets, such as a conversation's or a session's token, as they are stored."""

import hashlib


def token_hash(token: str) -> str:
    """What is stored of a token: who reads the data base can open nothing with it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

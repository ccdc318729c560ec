"""The numbers tickets get."""

import secrets

DRAWS = 200
"""Tries before a number is given up on: even with 800,000 tickets all of them miss less than once in 10^10."""


def random_number() -> str:
    """``T-`` and six digits, the first not 0, drawn at random.

    Random and not counted up: a running number would tell every customer how many tickets there are and what
    the next one's is called. It is still no secret (900,000 are few): a ticket is read by its conversation.
    """
    return f"T-{100_000 + secrets.randbelow(900_000)}"

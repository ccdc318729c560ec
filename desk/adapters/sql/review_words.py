"""Free text search in each data base's own form: PostgreSQL's ``tsvector`` with a GIN index, SQLite's FTS5.

Both find whole words without stems, the last word of a query also as a beginning, and words in quotes side by side.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Integer, column, delete, func, select, table, text
from sqlalchemy.sql.elements import ColumnElement

from desk.adapters.sql.reviews_tables import reviews

_PHRASE_OR_WORD = re.compile(r'"([^"]+)"|(\w+)')
_WORD = re.compile(r"\w+")
_MOST_WORDS = 12
_NUMBERED = table("review_words", column("number", Integer))
_ROWS = table("review_words", column("rowid", Integer))

Part = tuple[Sequence[str], bool]
"""Words that stand side by side, and whether the last one may go on."""


def put_words(connection: Connection, number: int, words: str) -> None:
    """What this conversation is found by from now on."""
    given = {"number": number, "words": words.replace("\x00", "")}
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM review_words WHERE rowid = :number"), given)
        connection.execute(text("INSERT INTO review_words (rowid, words) VALUES (:number, :words)"), given)
        return
    statement = (
        "INSERT INTO review_words (number, words) VALUES (:number, to_tsvector('simple', :words)) "
        "ON CONFLICT (number) DO UPDATE SET words = excluded.words"
    )
    connection.execute(text(statement), given)


def drop_words(connection: Connection, number: int) -> None:
    """Forget what it was found by. On PostgreSQL the row goes with the conversation's."""
    if connection.dialect.name == "sqlite":
        connection.execute(delete(_ROWS).where(_ROWS.c.rowid == number))


def has_words(dialect: Dialect, query: str) -> ColumnElement[bool] | None:
    """The condition on ``reviews`` that all of the query's words stand in it; None when it has no word."""
    parts = parts_of(query)
    if not parts:
        return None
    if dialect.name == "sqlite":
        matches: Any = text("review_words MATCH :wanted").bindparams(wanted=_for_fts5(parts))
        return reviews.c.number.in_(select(_ROWS.c.rowid).where(matches))
    wanted = func.to_tsquery("simple", _for_tsquery(parts))
    found = select(_NUMBERED.c.number).where(column("words").op("@@")(wanted))
    if any(len(words) > 1 for words, _ in parts):
        # PostgreSQL expects a phrase wherever its words are, and would look for it row by row, newest first.
        found = select(found.cte("found").prefix_with("MATERIALIZED").c.number)
    return reviews.c.number.in_(found)


def parts_of(query: str) -> list[Part]:
    """Words and phrases of a query; nothing in it is an operator."""
    parts: list[Part] = []
    for phrase, word in _PHRASE_OR_WORD.findall(query):
        words = _WORD.findall(phrase) if phrase else [word]
        if words:
            parts.append(([one.casefold() for one in words], False))
    parts = parts[:_MOST_WORDS]
    if parts and not query.rstrip().endswith('"') and query[-1:].isalnum():
        parts[-1] = (parts[-1][0], True)
    return parts


def _for_fts5(parts: Sequence[Part]) -> str:
    return " ".join(f'"{" ".join(words)}"{" *" if begins else ""}' for words, begins in parts)


def _for_tsquery(parts: Sequence[Part]) -> str:
    """Words are letters, digits and underscores only, so quoting each as a lexeme is enough."""
    return " & ".join(
        "(" + " <-> ".join(f"'{word}'" for word in words) + (":*" if begins else "") + ")" for words, begins in parts
    )

"""Entries cut into passages that one vector can stand for."""

import re
from collections.abc import Iterator

from retrieval.documents.markdown import plain_blocks
from retrieval.model import Entry, Passage

WORDS_PER_PASSAGE = 80
"""The sentence encoder was trained on texts of about this length; longer ones blur into one average."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def passages_of(entry: Entry) -> tuple[Passage, ...]:
    """Title, each question and each piece of the answer, in this order.

    A manual's section goes by its whole path: "Cleaning" alone says nothing. Each piece of the answer is read
    together with the title, since a piece alone often leaves unsaid what it is about; on the public sets this
    found the right entry clearly more often than pieces by themselves.
    """
    title = " > ".join(entry.path) if entry.path else entry.title
    found = [Passage(entry.entry_id, "title", title)]
    found += [Passage(entry.entry_id, "question", question) for question in entry.questions]
    found += [Passage(entry.entry_id, "answer", f"{title} {piece}") for piece in pieces_of(entry.answer)]
    return tuple(found)


def pieces_of(markdown: str, *, limit: int = WORDS_PER_PASSAGE) -> Iterator[str]:
    """Plain text in pieces of at most ``limit`` words, cut between blocks, then sentences, then words."""
    piece: list[str] = []
    for part in _parts(markdown, limit):
        words = part.split()
        if piece and len(piece) + len(words) > limit:
            yield " ".join(piece)
            piece = []
        piece += words
    if piece:
        yield " ".join(piece)


def _parts(markdown: str, limit: int) -> Iterator[str]:
    for block in plain_blocks(markdown):
        if len(block.split()) <= limit:
            yield block
            continue
        for sentence in _SENTENCE_END.split(block):
            words = sentence.split()
            for start in range(0, len(words), limit):
                yield " ".join(words[start : start + limit])

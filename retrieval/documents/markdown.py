"""Markdown seen as blocks: plain text for indexing, and sections that keep their source lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Section:
    """The text under one heading, up to the next heading of any level; ``headings`` from the outermost in."""

    headings: tuple[str, ...]
    body: str


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _inline_text(token: Token) -> str:
    pieces = []
    for child in token.children or ():
        if child.type in {"text", "code_inline"}:
            pieces.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            pieces.append(" ")
        elif child.type == "image":
            pieces.append(child.content)
    return "".join(pieces)


def plain_blocks(markdown: str) -> list[str]:
    """The text of each paragraph, list item, heading, table cell row and code block, without marks."""
    blocks: list[str] = []
    row: list[str] | None = None
    for token in _parser().parse(markdown):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            blocks.append(", ".join(cell for cell in row if cell))
            row = None
        elif token.type == "inline":
            text = _inline_text(token).strip()
            if row is not None:
                row.append(text)
            elif text:
                blocks.append(text)
        elif token.type in {"fence", "code_block"} and token.content.strip():
            blocks.append(token.content.strip())
    return blocks


def plain_text(markdown: str) -> str:
    """All blocks joined by spaces: what a reader reads, without Markdown's marks."""
    return " ".join(plain_blocks(markdown))


def sections(markdown: str) -> Iterator[Section]:
    """Cut a document at its headings; each section's body is the source Markdown, untouched.

    Text before the first heading comes with no headings. Sections without text are left out.
    """
    lines = markdown.splitlines()
    tokens = _parser().parse(markdown)
    path: list[tuple[int, str]] = []
    start = 0
    for position, token in enumerate(tokens):
        if token.type != "heading_open" or token.level != 0 or token.map is None:
            continue
        if body := "\n".join(lines[start : token.map[0]]).strip():
            yield Section(tuple(text for _, text in path), body)
        depth = int(token.tag[1:])
        path = [heading for heading in path if heading[0] < depth]
        path.append((depth, _inline_text(tokens[position + 1]).strip()))
        start = token.map[1]
    if body := "\n".join(lines[start:]).strip():
        yield Section(tuple(text for _, text in path), body)


def top_level_blocks(markdown: str) -> list[str]:
    """The source of each top-level block (paragraph, whole list, table …), in order."""
    lines = markdown.splitlines()
    spans = [token.map for token in _parser().parse(markdown) if token.level == 0 and token.map is not None]
    return [text for first, last in spans if (text := "\n".join(lines[first:last]).strip())]

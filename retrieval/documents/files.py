"""Finding and reading knowledge files, each with its limits; what cannot be read is refused by itself."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from retrieval.errors import DocumentRefused

SUFFIXES = frozenset({".md", ".markdown", ".html", ".htm", ".pdf", ".docx", ".csv", ".jsonl", ".json"})
_NOT_KNOWLEDGE = {"readme.md"}


def knowledge_files(roots: Sequence[Path]) -> Iterator[Path]:
    """Files of a known kind under ``roots`` in a stable order; hidden ones and READMEs are left out.

    A file that is a root itself is given whatever its kind: who names it is told what is wrong with it.

    A symbolic link is followed only inside its own root: a knowledge folder cannot pull in other files.
    """
    for root in roots:
        if root.is_file():
            yield root
            continue
        inside = root.resolve()
        for path in sorted(root.rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
            if is_knowledge_file(path) and not hidden and path.is_file() and path.resolve().is_relative_to(inside):
                yield path


def is_knowledge_file(path: Path) -> bool:
    """Whether the name is one of a kind that is read."""
    return path.suffix.lower() in SUFFIXES and path.name.lower() not in _NOT_KNOWLEDGE


def read_text(path: Path, *, max_bytes: int) -> str:
    """The file as text.

    Raises:
        DocumentRefused: too large, not UTF-8, holding control characters, or not readable at all.
    """
    return decoded_text(read_bytes(path, max_bytes=max_bytes))


def read_bytes(path: Path, *, max_bytes: int) -> bytes:
    """The file's content; a file that is too large is not even opened.

    Raises:
        DocumentRefused: too large, or not readable at all.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise DocumentRefused(f"larger than {max_bytes // 1024} KiB ({size // 1024} KiB)")
        return path.read_bytes()
    except OSError as error:
        raise DocumentRefused(f"cannot be read: {error.strerror}") from error


def decoded_text(raw: bytes) -> str:
    """UTF-8 as text with line feeds.

    Raises:
        DocumentRefused: not UTF-8, or holding control characters.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentRefused(f"not UTF-8 text (byte {error.start})") from error
    if "\0" in text:
        raise DocumentRefused("holds binary data")
    return text.replace("\r\n", "\n").replace("\r", "\n")

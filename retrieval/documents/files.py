"""Finding and reading knowledge files, each with its limits; what cannot be read is refused by itself."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from retrieval.errors import DocumentRefused

OWN_TEXT = frozenset({".md", ".markdown"})
SUFFIXES = OWN_TEXT | frozenset({".html", ".htm", ".pdf", ".docx", ".csv", ".jsonl", ".json"})
SIDE_ENDINGS = (".yml", ".yaml")
_NOT_KNOWLEDGE = {"readme.md"}
_OF_THE_DISK = "lost+found"  # at the top of a mounted disk, for root only
_MOST_NAMED = 8


def knowledge_files(roots: Sequence[Path]) -> Iterator[Path]:
    """Files of a known kind under ``roots``, each once, in a stable order; hidden ones and READMEs are left out.

    A file that is a root itself is given whatever its kind: who names it is told what is wrong with it.

    A symbolic link is followed only inside its own root: a knowledge folder cannot pull in other files.

    Raises:
        DocumentRefused: a folder cannot be read; what was read of it before would be taken for deleted.
    """
    seen: set[Path] = set()
    for root in roots:
        found = [root] if root.is_file() else [path for path in _visible(root) if _is_read(path)]
        for path in found:
            real = path.resolve()
            if real not in seen and (path == root or real.is_relative_to(root.resolve())):
                seen.add(real)
                yield path


def left_out(roots: Sequence[Path]) -> Iterator[str]:
    """What lies under ``roots`` and is not read, a sentence a reason, so that nobody waits for it in vain.

    Raises:
        DocumentRefused: as for ``knowledge_files``.
    """
    for root in roots:
        if root.is_file():
            continue
        found = _visible(root)
        outside = [path for path in found if not path.resolve().is_relative_to(root.resolve())]
        strange = [path for path in found if path.is_file() and path not in outside and not _has_a_use(path)]
        sides = [path for path in strange if path.suffix.lower() in SIDE_ENDINGS]
        if outside:
            yield f"Links out of {root} are not followed: {_names(outside)}"
        if sides:
            yield f"Beside no document of that name: {_names(sides)}; what is said of brio.pdf stands in brio.pdf.yml"
        if others := [path for path in strange if path not in sides]:
            yield f"Of a kind that is not read: {_names(others)}; save them as one of {', '.join(sorted(SUFFIXES))}"
        if not any(_is_read(path) for path in found):
            yield f"There is nothing to read in {root}"


def _visible(root: Path) -> list[Path]:
    """Every file below a folder that is not hidden, and links to folders; links after what they may point to."""

    def refuse(error: OSError) -> None:
        raise DocumentRefused(f"{error.filename} cannot be read ({error.strerror}); nothing was changed") from error

    files: list[Path] = []
    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".") and name != _OF_THE_DISK]
        paths = [Path(folder, name) for name in names if not name.startswith(".")]
        links = [path for name in folders if (path := Path(folder, name)).is_symlink()]
        files += [*(path for path in paths if path.is_file()), *links]
    return sorted(files, key=lambda path: (path.is_symlink(), path))


def _is_read(path: Path) -> bool:
    return is_knowledge_file(path) and path.is_file()


def _has_a_use(path: Path) -> bool:
    """Whether a file is knowledge, about its folder, or says something of the document beside it."""
    return path.suffix.lower() in SUFFIXES or (is_side_file(path) and path.with_suffix("").is_file())


def _names(paths: Iterable[Path]) -> str:
    every = [path.name for path in paths]
    more = f" and {len(every) - _MOST_NAMED} more" if len(every) > _MOST_NAMED else ""
    return ", ".join(every[:_MOST_NAMED]) + more


def is_knowledge_file(path: Path) -> bool:
    """Whether the name is one of a kind that is read."""
    return path.suffix.lower() in SUFFIXES and path.name.lower() not in _NOT_KNOWLEDGE


def is_side_file(path: Path) -> bool:
    """Whether the name is that of a front matter beside a document: ``brio.pdf.yml``."""
    return path.suffix in SIDE_ENDINGS and path.with_suffix("").suffix.lower() in SUFFIXES - OWN_TEXT


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
            raise DocumentRefused(f"larger than {max_bytes // 1024} KiB ({size // 1024} KiB): split it")
        return path.read_bytes()
    except OSError as error:
        raise DocumentRefused(
            f"cannot be read ({error.strerror}): see that it is there and that this account may read it"
        ) from error


def decoded_text(raw: bytes) -> str:
    """UTF-8 as text with line feeds.

    Raises:
        DocumentRefused: not UTF-8, or holding control characters.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DocumentRefused(f"not UTF-8 text (line {line}): save it as UTF-8") from error
    if "\0" in text:
        raise DocumentRefused("holds binary data: save it as UTF-8 text")
    return text.replace("\r\n", "\n").replace("\r", "\n")

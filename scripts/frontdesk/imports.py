"""Which of our own files a Python module is made of: its imports, and theirs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path


def files_behind(root: Path, *modules: str) -> tuple[str, ...]:
    """Files below ``root``, as relative paths, that importing ``modules`` can read; libraries are left out.

    Imports inside functions count, too: a step that runs them depends on them.
    """
    found: dict[str, None] = {}
    waiting = list(modules)
    while waiting:
        for path in _files(root, waiting.pop()):
            name = path.relative_to(root).as_posix()
            if name not in found:
                found[name] = None
                waiting += _imported(path)
    return tuple(sorted(found))


def _files(root: Path, module: str) -> Iterator[Path]:
    """The module's own file and the ``__init__`` of each package around it."""
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):
        place = root.joinpath(*parts[:depth])
        yield from (path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file())


def _imported(path: Path) -> Iterator[str]:
    """Names that may be modules: of ``from a.b import c`` both ``a.b`` and ``a.b.c``."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)

"""A change of the knowledge, and the versions of entries that changes leave behind."""

import getpass
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

from retrieval.model import Entry, EntryId

Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One publishing of the knowledge. ``note`` says by which command."""

    number: int
    at: datetime
    by: str
    note: str
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """One entry as a change left it; ``entry`` is None when the change removed it."""

    change: Change
    entry_id: EntryId
    kind: Kind
    entry: Entry | None


def differences(before: Iterable[Entry], after: Iterable[Entry]) -> list[tuple[EntryId, Kind, Entry | None]]:
    """What differs between two states, by entry id."""
    old, new = ({entry.entry_id: entry for entry in state} for state in (before, after))
    found: list[tuple[EntryId, Kind, Entry | None]] = []
    for entry_id in sorted(old.keys() | new.keys()):
        if entry_id not in new:
            found.append((entry_id, "removed", None))
        elif entry_id not in old:
            found.append((entry_id, "added", new[entry_id]))
        elif old[entry_id].content_hash != new[entry_id].content_hash:
            found.append((entry_id, "changed", new[entry_id]))
    return found


def fingerprint(entries: Iterable[Entry]) -> str:
    """Names a whole state by what it tells."""
    lines = sorted(f"{entry.entry_id} {entry.content_hash}" for entry in entries)
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()


def entry_from(raw: bytes) -> Entry:
    """An entry from its JSON."""
    record: dict[str, Any] = orjson.loads(raw)
    times = {
        name: datetime.fromisoformat(record[name]) if record[name] else None for name in ("valid_from", "valid_until")
    }
    lists = {name: tuple(record[name]) for name in ("questions", "path", "products")}
    return Entry(**{**record, **times, **lists, "entry_id": EntryId(record["entry_id"])})


def os_user() -> str:
    """Who is logged in, or ``unknown``."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"

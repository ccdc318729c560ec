"""Customers' files: what they are is read from their bytes, and they lie where no web server looks."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import puremagic
import structlog
from sqlalchemy import Connection, func, select

from desk.adapters.sql import timeline
from desk.adapters.sql.database import Database
from desk.adapters.sql.tables import attachments
from desk.errors import Invalid, NotFound, StoreUnavailable, TooMany, WrongType
from desk.gateway.model import Attachment

logger = structlog.get_logger()

TYPES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "text/plain": "txt",
}
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_HEAD_BYTES = 4096
_LONGEST_NAME = 120
_LONGEST_UPLOAD = timedelta(hours=1)
_AT_ONCE = 500
_SIGNATURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
    "application/pdf": b"%PDF-",
}
"""A second opinion: puremagic also goes by trailers, which a file of another kind may carry."""


@dataclass(frozen=True)
class AttachmentDesk:
    """Keeps files.

    Args:
        database: where they are listed.
        folder: where they lie.
        most: how many a conversation may have.
        now: the clock.
    """

    database: Database
    folder: Path
    most: int
    now: Callable[[], datetime]

    async def keep(self, conversation_id: str, name: str, content: bytes) -> Attachment:
        """Store one file.

        Raises:
            Invalid: it is empty.
            WrongType: it is not of a type that is taken.
            TooMany: the conversation has as many as it may have.
            StoreUnavailable: it could not be written; nothing of it is left.
        """
        if not content:
            raise Invalid("The file is empty.")
        kind = sniff(content)
        attachment = Attachment(timeline.new_id("a"), safe_name(name, kind), kind, len(content))
        path = self.path_of(attachment.id)
        try:
            await asyncio.to_thread(_write, path, content)
            await self.database.write(_insert, conversation_id, attachment, self.now(), self.most)
        except BaseException as error:
            await asyncio.to_thread(self.remove, [attachment.id])
            if isinstance(error, OSError):
                raise StoreUnavailable(f"the file could not be kept ({error.strerror})") from error
            raise
        return attachment

    async def find(self, conversation_id: str, attachment_id: str) -> tuple[Attachment, Path]:
        """A file of this conversation.

        Raises:
            NotFound: it has none of this id.
        """
        found = await self.database.read(_find, conversation_id, attachment_id)
        return found, self.path_of(found.id)

    def remove(self, ids: Iterable[str]) -> int:
        """Delete the files; how many could not be. Those that are gone already are no matter."""
        left = 0
        for one in ids:
            try:
                self.path_of(one).unlink(missing_ok=True)
            except OSError as error:
                left += 1
                logger.error("attachment.not_removed", attachment_id=one, error=error.strerror)  # noqa: TRY400
        return left

    async def sweep(self) -> int:
        """Delete files that no conversation has, of an upload or an erasure that was cut off; how many could not be."""
        left = 0
        found = await asyncio.to_thread(self._written_before, self.now() - _LONGEST_UPLOAD)
        for start in range(0, len(found), _AT_ONCE):
            some = found[start : start + _AT_ONCE]
            known = await self.database.read(_known, some)
            left += await asyncio.to_thread(self.remove, [one for one in some if one not in known])
        return left

    def _written_before(self, moment: datetime) -> list[str]:
        files = [path for path in self.folder.glob("??/a_*") if path.is_file()]
        return [path.name for path in files if path.stat().st_mtime < moment.timestamp()]

    def path_of(self, attachment_id: str) -> Path:
        """Where a file lies, if it is there."""
        return self.folder / attachment_id[2:4] / attachment_id


def sniff(content: bytes) -> str:
    """What the bytes are.

    Raises:
        WrongType: nothing that is taken.
    """
    try:
        found = puremagic.from_string(content[:_HEAD_BYTES], mime=True)
    except (puremagic.PureError, ValueError):
        found = ""
    if found in _SIGNATURES and content.startswith(_SIGNATURES[found]):
        return found
    if _is_text(content):
        return "text/plain"
    raise WrongType("Files can be pictures (PNG, JPEG, GIF, WebP), PDF documents or plain text.")


def safe_name(name: str, kind: str) -> str:
    """A name to show and to download by: no path, no control characters, the extension of what it is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(one for one in last if one.isalnum() or one in " ._-()").strip(" .")
    stem = kept.rpartition(".")[0] or kept or "file"
    return f"{stem[:_LONGEST_NAME]}.{TYPES[kind]}"


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    head = text[:_HEAD_BYTES].lstrip().lower()
    markup = head.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script", "%pdf"))
    return not markup and all(one.isprintable() or one in "\r\n\t" for one in text)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o600)


def _insert(connection: Connection, conversation_id: str, attachment: Attachment, now: datetime, most: int) -> None:
    mine = attachments.c.conversation_id == conversation_id
    timeline.row_of(connection, conversation_id, lock=True)
    if connection.execute(select(func.count()).where(mine)).scalar_one() >= most:
        raise TooMany(3600, f"A conversation may have at most {most} files.")
    values: dict[str, Any] = {
        "id": attachment.id,
        "conversation_id": conversation_id,
        "name": attachment.name,
        "type": attachment.type,
        "size": attachment.size,
        "at": now,
    }
    connection.execute(attachments.insert().values(values))


def _known(connection: Connection, ids: Sequence[str]) -> set[str]:
    return set(connection.execute(select(attachments.c.id).where(attachments.c.id.in_(ids))).scalars())


def _find(connection: Connection, conversation_id: str, attachment_id: str) -> Attachment:
    query = select(attachments).where(
        attachments.c.conversation_id == conversation_id, attachments.c.id == attachment_id
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound
    return Attachment(row.id, row.name, row.type, row.size)

"""Files over HTTP, the same for customers and agents."""

from pathlib import Path

from fastapi import Request
from fastapi.responses import FileResponse

from desk.attachments.service import SHOWN_INLINE
from desk.errors import Invalid
from desk.gateway.model import Attachment


async def uploaded(request: Request) -> tuple[str, bytes]:
    """Name and content of the one file of a form.

    Raises:
        Invalid: there is none.
    """
    async with request.form(max_files=1, max_fields=2) as form:
        file = form.get("file")
        if file is None or isinstance(file, str):
            raise Invalid('Send the file as multipart/form-data under the name "file".')
        return file.filename or "file", await file.read()


def file_response(attachment: Attachment, path: Path) -> FileResponse:
    """The file, shown only where its type can do no harm, and never as part of a page of ours."""
    shown = "inline" if attachment.type in SHOWN_INLINE else "attachment"
    ascii_name = attachment.name.encode("ascii", "replace").decode().replace("?", "_")
    headers = {
        "content-disposition": f'{shown}; filename="{ascii_name}"',
        "content-security-policy": "sandbox; default-src 'none'",
        "cache-control": "private, max-age=3600",
    }
    kind = f"{attachment.type}; charset=utf-8" if attachment.type == "text/plain" else attachment.type
    return FileResponse(path, headers=headers, media_type=kind)

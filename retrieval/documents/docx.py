"""Word documents, by way of HTML: heading styles become headings, everything else is read as a page is."""

import io
import zipfile

import mammoth

from retrieval.documents.html import Page, page_from
from retrieval.documents.model import Limits
from retrieval.errors import DocumentRefused

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""


def page_from_docx(raw: bytes, limits: Limits) -> Page:
    """The document's text as Markdown.

    Raises:
        DocumentRefused: not a Word document, encrypted, or larger than ``limits`` once unpacked.
    """
    _check_unpacked_size(raw, limits.unpacked_bytes)
    try:
        made = mammoth.convert_to_html(
            io.BytesIO(raw),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
        )
    except MemoryError:
        raise
    except Exception as error:
        raise DocumentRefused(
            f"not a readable Word document ({type(error).__name__}): save it anew as .docx"
        ) from error
    return page_from(str(made.value))


def _check_unpacked_size(raw: bytes, largest: int) -> None:
    """The sizes in a ZIP's directory bind: no reader gets more out of a member than its declared size."""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentRefused("an encrypted or old Word document: save it as .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DocumentRefused("not a Word document (not a ZIP archive): save it anew as .docx") from error
    if unpacked > largest:
        sizes = f"{unpacked // 1024**2} MiB, more than {largest // 1024**2} MiB"
        raise DocumentRefused(f"unpacks to {sizes}: split it, or ask where it came from")

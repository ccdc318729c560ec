"""Documents of other programmes, made by libraries when a test needs them."""

import io
import textwrap
import zipfile
from collections.abc import Sequence
from typing import Any

import docx
import orjson
from reportlab.lib import pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

Block = tuple[int, str]
"""A heading of level 1 to 4, or with level 0 a paragraph."""

MANUAL: Sequence[Block] = (
    (1, "Cresta grinder"),
    (0, "Thank you for buying a grinder that keeps the beans cool."),
    (2, "Cleaning"),
    (3, "Filter"),
    (0, "Rinse the filter under cold water once a week and let it dry for a whole night."),
    (3, "Burrs"),
    (0, "Take the upper burr out and brush both of them; water would make them rust."),
    (2, "Error codes"),
    (0, "E4 means that a bean is stuck: switch the machine off and turn the collar to coarse."),
)

_SIZES = {0: 10.5, 1: 24, 2: 17, 3: 13, 4: 12}
_CHARACTERS_A_LINE = 80


def pdf(
    blocks: Sequence[Block] = MANUAL, *, outline: bool = False, password: str = "", title: str = "", head: str = ""
) -> bytes:
    """A PDF with a page for each heading of level 2, headings told by their size or by the outline."""
    out = io.BytesIO()
    secret = pdfencrypt.StandardEncryption(password) if password else None
    canvas = Canvas(out, pagesize=A4, encrypt=secret)
    canvas.setTitle(title)
    y, page = 760.0, 1
    for number, (level, text) in enumerate(blocks):
        if level == 2:
            _foot(canvas, head, page)
            canvas.showPage()
            y, page = 760.0, page + 1
        size = 10.5 if outline else _SIZES[level]
        canvas.setFont("Helvetica-Bold" if level else "Helvetica", size)
        if outline and level:
            canvas.bookmarkPage(f"b{number}")
            canvas.addOutlineEntry(text, f"b{number}", level - 1)
        for line in textwrap.wrap(text, _CHARACTERS_A_LINE):
            canvas.drawString(72, y, line)
            y -= size * 1.2
        y -= 14
    _foot(canvas, head, page)
    canvas.save()
    return out.getvalue()


def _foot(canvas: Canvas, head: str, page: int) -> None:
    canvas.setFont("Helvetica", 8)
    if head:
        canvas.drawString(72, 810, head)
    canvas.drawString(290, 30, str(page))


def scan() -> bytes:
    """A PDF with a picture's frame and no text."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(50, 50, 400, 600, fill=1)
    canvas.save()
    return out.getvalue()


def word(blocks: Sequence[Block] = MANUAL) -> bytes:
    """A Word document whose headings have heading styles."""
    document = docx.Document()
    for level, text in blocks:
        if level:
            document.add_heading(text, level)
        else:
            document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def bomb(megabytes: int) -> bytes:
    """A Word document that unpacks to ``megabytes`` of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(megabytes):
                member.write(b" " * 1024**2)
    return out.getvalue()


def page(body: str, *, head: str = "", lang: str = "en") -> bytes:
    """A page of HTML."""
    return f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'.encode()


def article(number: int, **more: Any) -> dict[str, Any]:
    """One article of a help centre."""
    return {
        "id": number,
        "title": f"Article {number}",
        "body": f"<p>What article {number} says.</p>",
        "locale": "en-us",
        "html_url": f"https://help.example/hc/en-us/articles/{number}",
        "label_names": [],
        "draft": False,
        "section_id": 7,
        "updated_at": "2026-10-01T08:00:00Z",
        "user_segment_id": None,
        **more,
    }


def export(*articles: Any, **tables: Any) -> bytes:
    """A help centre's export."""
    return orjson.dumps({"articles": list(articles), "sections": [{"id": 7, "name": "Shipping & returns"}], **tables})

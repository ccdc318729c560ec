"""PDFs made into Markdown: paragraphs from the layout, headings from the outline or from the size of the letters."""

import io
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFNoOutlines, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFParser
from pdfminer.utils import decode_text

from retrieval.documents.cleaning import escaped, visible
from retrieval.documents.html import Page
from retrieval.documents.model import Limits
from retrieval.errors import DocumentRefused

_HEADING_FACTOR = 1.12  # letters this much larger than the running text make a heading
_LONGEST_HEADING = 14  # words
_MOST_LEVELS = 4
_FEWEST_LETTERS = 20  # fewer in the whole file are page numbers or a stamp on a scan
_PAGES_TO_SEE_REPEATS = 3
_REPEATED_SHARE = 0.6
_BULLET = re.compile(r"^[•◦▪‣●○–-]\s+")
_NO_TITLE = re.compile(r"^(untitled|microsoft word|document\d*|.*\.(docx?|indd|pages|pdf))\b|^$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as printed; ``size`` in points is its letters' most common height, ``edge`` first or last of a page."""

    text: str
    size: float
    edge: bool
    box: tuple[int, int]

    @property
    def key(self) -> str:
        """The text without case, spaces and digits, by which repeats and outline titles are known again."""
        return "".join(re.findall(r"[^\W\d_]+", self.text.lower()))


def page_from_pdf(raw: bytes, limits: Limits) -> Page:
    """The document's text as Markdown.

    Raises:
        DocumentRefused: encrypted, damaged, too long, or without text (a scan).
    """
    try:
        title, outline = _about(raw)
        lines = _lines(raw, limits)
    except PDFPasswordIncorrect as error:
        raise DocumentRefused("encrypted with a password: save it without one") from error
    except (DocumentRefused, MemoryError):
        raise
    except Exception as error:
        raise DocumentRefused(f"not a readable PDF ({type(error).__name__}): open it and save it anew") from error
    lines = _without_repeats(lines)
    if sum(len(line.text) for line in lines) < _FEWEST_LETTERS:
        raise DocumentRefused("no text in it: a scan must be read by OCR first")
    levels = _levels(lines, outline)
    return Page("\n\n".join(_blocks(lines, levels)), title or _first_heading(lines, levels))


def _about(raw: bytes) -> tuple[str | None, dict[str, int]]:
    """The title and the outline (normalised title to level) that the file itself gives."""
    document = PDFDocument(PDFParser(io.BytesIO(raw)))
    given = next((info["Title"] for info in document.info if "Title" in info), b"")
    title = " ".join(visible(decode_text(given) if isinstance(given, bytes) else str(given)).split())
    outline: dict[str, int] = {}
    try:
        for level, heading, *_ in document.get_outlines():
            outline.setdefault(Line(str(heading), 0, edge=False, box=(0, 0)).key, level)
    except PDFNoOutlines:
        pass
    outline.pop("", None)
    return (None if _NO_TITLE.match(title) else title), outline


def _lines(raw: bytes, limits: Limits) -> list[Line]:
    found: list[Line] = []
    for number, page in enumerate(extract_pages(io.BytesIO(raw), laparams=LAParams())):
        if number >= limits.pages:
            raise DocumentRefused(f"more than {limits.pages} pages: split it")
        found += _lines_of(page, number)
    return found


def _lines_of(page: LTPage, number: int) -> list[Line]:
    boxes = [box for box in page if isinstance(box, LTTextBox)]
    rows = [(index, row) for index, box in enumerate(boxes) for row in box if isinstance(row, LTTextLine)]
    texts = [(index, row, " ".join(visible(row.get_text()).split())) for index, row in rows]
    heights = [row.y0 for _, row, text in texts if text]
    edges = {min(heights), max(heights)} if heights else set()
    return [Line(text, _size(row), edge=row.y0 in edges, box=(number, index)) for index, row, text in texts if text]


def _size(row: LTTextLine) -> float:
    sizes = Counter(round(letter.size * 2) / 2 for letter in row if isinstance(letter, LTChar))
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _without_repeats(lines: Sequence[Line]) -> list[Line]:
    """Without running heads, feet and page numbers: first or last lines that return on most pages."""
    pages = len({line.box[0] for line in lines})
    if pages < _PAGES_TO_SEE_REPEATS:
        return [line for line in lines if not (line.edge and line.text.isdecimal())]
    seen = Counter(line.key for line in lines if line.edge)
    often = {key for key, count in seen.items() if count >= _REPEATED_SHARE * pages}
    return [line for line in lines if not (line.edge and line.key in often)]


def _levels(lines: Sequence[Line], outline: dict[str, int]) -> dict[int, int]:
    """Heading level by position in ``lines``: by the outline where it names lines of the text, else by size."""
    named = {position: outline[line.key] for position, line in enumerate(lines) if line.key in outline}
    if set(named.values()) and len(named) >= len(outline) / 2:
        return named
    body = statistics.mode(size for line in lines for size in [line.size] * len(line.text))
    large = {
        position: line.size
        for position, line in enumerate(lines)
        if line.size >= body * _HEADING_FACTOR and len(line.text.split()) <= _LONGEST_HEADING
    }
    sizes = sorted(set(large.values()), reverse=True)
    return {position: min(sizes.index(size) + 1, _MOST_LEVELS) for position, size in large.items()}


def _first_heading(lines: Sequence[Line], levels: dict[int, int]) -> str | None:
    return lines[min(levels, key=lambda position: (levels[position], position))].text if levels else None


def _blocks(lines: Sequence[Line], levels: dict[int, int]) -> Iterator[str]:
    """Headings and paragraphs; the lines of one heading, and of one paragraph, are joined."""
    block: list[str] = []
    before: tuple[tuple[int, int], int | None] | None = None
    for position, line in enumerate(lines):
        level = levels.get(position)
        now = (line.box, level)
        if block and (now != before or (level is None and _BULLET.match(line.text))):
            yield _joined(block, before[1] if before else None)
            block = []
        block.append(line.text)
        before = now
    if block:
        yield _joined(block, before[1] if before else None)


def _joined(lines: Sequence[str], level: int | None) -> str:
    text = lines[0]
    for line in lines[1:]:
        text = text[:-1] + line if text.endswith("-") and line[:1].islower() else f"{text} {line}"
    if level is not None:
        return f"{'#' * min(level, 6)} {escaped(text)}"
    return "- " + escaped(_BULLET.sub("", text)) if _BULLET.match(text) else escaped(text)

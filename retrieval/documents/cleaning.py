"""Text out of foreign documents made harmless: no invisible characters, nothing that Markdown would obey."""

import re
import unicodedata
from urllib.parse import quote, urljoin, urlsplit

_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_KEPT_CONTROLS = frozenset("\n\t")
_MARKS = re.compile(r"[\\\[]|<(?=[A-Za-z/!?])")
_HEADING_MARK = re.compile(r"^(\s*)(#{1,6}\s)", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")


def visible(text: str) -> str:
    """``text`` without control, zero-width, soft-hyphen and direction-changing characters."""
    return "".join(
        letter for letter in text if letter in _KEPT_CONTROLS or unicodedata.category(letter) not in {"Cc", "Cf", "Co"}
    )


def escaped(text: str) -> str:
    """Plain text as Markdown that shows just this text: no link, HTML tag or heading can be made of it."""
    return _HEADING_MARK.sub(r"\1\\\2", _MARKS.sub(lambda mark: f"\\{mark[0]}", text))


def safe_link(href: str, base: str | None = None) -> str | None:
    """The address a reader may follow, or None: of an allowed kind, absolute, and unable to end a Markdown link."""
    squeezed = "".join(letter for letter in href if letter.isprintable() and not letter.isspace())
    try:
        address = urljoin(base, squeezed) if base else squeezed
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return None
    if scheme not in _SCHEMES:
        return None
    return quote(address, safe="/:?#@!$&'*+,;=%~")


def slug_of(text: str, *, longest: int = 60) -> str:
    """Lower-case ASCII words joined by hyphens, fit for an entry id; ``document`` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(_WORD.findall(plain))[:longest].strip("-") or "document"

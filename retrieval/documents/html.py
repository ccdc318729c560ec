"""HTML made into Markdown. The page is not trusted: what a reader would not see never becomes text or a link."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from markdownify import ATX, MarkdownConverter
from soupsieve import SelectorSyntaxError

from retrieval.documents.cleaning import escaped, safe_link, visible
from retrieval.errors import DocumentRefused

_NEVER_TEXT = [
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "audio",
    "video", "form", "button", "input", "select", "textarea", "nav", "header", "footer", "aside", "dialog", "head",
]  # fmt: skip
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:opacity|font-size|max-height)\s*:\s*0(?:\.0*)?(?:px|em|rem|%)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")
_BLANK_LINES = re.compile(r"\n{3,}")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as Markdown, with what it says of itself."""

    markdown: str
    title: str | None = None
    locale: str | None = None
    url: str | None = None


def decoded(raw: bytes) -> str:
    """A page's text in the encoding that it declares, else UTF-8.

    Raises:
        DocumentRefused: the bytes are not in that encoding.
    """
    declared = EncodingDetector.find_declared_encoding(raw, is_html=True) or "utf-8"
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else declared
    try:
        return raw.decode(encoding)
    except LookupError as error:
        raise DocumentRefused(f"declares the unknown encoding {encoding[:40]}: save it as UTF-8") from error
    except UnicodeDecodeError as error:
        raise DocumentRefused(f"not {encoding} text (byte {error.start}): save it as UTF-8") from error


def page_from(html: str, *, base: str | None = None) -> Page:
    """The page's visible content as Markdown.

    Raises:
        DocumentRefused: nothing a reader would see, or nested too deeply to be read.
    """
    try:
        soup = BeautifulSoup(html, "lxml")  # mends open tags nearly as browsers do
        url = _canonical(soup) or base
        title, locale = _title(soup), _locale(soup)
        _drop_unseen(soup)
        _tame_links(soup, url)
        markdown = _Converter(heading_style=ATX, bullets="-", autolinks=False).convert_soup(_content(soup))
    except RecursionError as error:
        raise DocumentRefused("nested too deeply: ask where it came from") from error
    text = _BLANK_LINES.sub("\n\n", visible(markdown)).strip()
    if not text:
        raise DocumentRefused("no text that a reader would see: if scripts write it, save the page from a browser")
    return Page(text, title, locale, url)


class _Converter(MarkdownConverter):
    """Escapes what text could do in Markdown, and nothing else: entries are also read as plain text."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        del parent_tags
        return escaped(text)

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """An indented block: unlike a fence, no text can end it."""
        del parent_tags, text
        lines = el.get_text().strip("\n").splitlines()
        return "\n\n" + "\n".join(f"    {line}" for line in lines) + "\n\n"

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Plain text: a short code is read as it stands, and no backtick can end it."""
        del parent_tags, text
        return escaped(el.get_text())

    convert_kbd = convert_samp = convert_code


def _canonical(soup: BeautifulSoup) -> str | None:
    link = soup.select_one('link[rel="canonical"][href]')
    address = safe_link(str(link["href"])) if link else None
    return address if address and address.startswith("https://") else None


def _title(soup: BeautifulSoup) -> str | None:
    for tag in (soup.h1, soup.title):
        if tag and (text := " ".join(visible(tag.get_text(" ")).split())):
            return text
    return None


def _locale(soup: BeautifulSoup) -> str | None:
    language = soup.html.get("lang") if soup.html else None
    return str(language) if language and _LANGUAGE.match(str(language)) else None


def _content(soup: BeautifulSoup) -> Tag:
    """The page's main part where it marks exactly one, else all of it."""
    for name in ("main", "article"):
        found = soup.find_all(name)
        if len(found) == 1 and isinstance(found[0], Tag):
            return found[0]
    return soup


def _drop_unseen(soup: BeautifulSoup) -> None:
    for tag in [*_hidden_by_rule(soup), *_hidden_by_itself(soup), *soup.find_all(_NEVER_TEXT)]:
        if not tag.decomposed:
            tag.decompose()


def _hidden_by_itself(soup: BeautifulSoup) -> Iterator[Tag]:
    for tag in soup.find_all(True):
        silent = tag.has_attr("hidden") or str(tag.get("aria-hidden", "")).lower() == "true"
        if silent or _HIDING.search(str(tag.get("style", ""))):
            yield tag


def _hidden_by_rule(soup: BeautifulSoup) -> Iterator[Tag]:
    """What the page's own style sheets hide."""
    for sheet in soup.find_all("style"):
        for selector, rules in _RULE.findall(sheet.get_text()):
            if _HIDING.search(rules):
                try:
                    yield from soup.select(selector.strip())
                except (SelectorSyntaxError, NotImplementedError):
                    continue  # a selector that no page can be searched with


def _tame_links(soup: BeautifulSoup, base: str | None) -> None:
    for image in soup.find_all("img"):
        image.replace_with(str(image.get("alt") or ""))
    for link in soup.find_all("a"):
        address = safe_link(str(link.get("href") or ""), base)
        if address and not str(link.get("href")).startswith("#"):
            link.attrs = {"href": address}
        else:
            link.unwrap()

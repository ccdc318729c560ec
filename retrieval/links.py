"""Where an answer's links lead, and whether that is still there."""

import asyncio
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
from markdown_it import MarkdownIt
from markdown_it.token import Token

_AT_ONCE = 8
_ENTRY = "entry:"
_REFUSES_HEAD = frozenset({403, 405, 501})
_GONE = 400


def links_of(markdown: str) -> list[str]:
    """The addresses of all links and pictures, in order, each once."""
    parser = MarkdownIt("commonmark")
    parser.validateLink = _taken_as_it_is  # type: ignore[method-assign]
    return list(dict.fromkeys(_addresses(parser.parse(markdown))))


def _taken_as_it_is(url: str) -> bool:
    """A strange address is to be reported, so the parser must not skip it."""
    del url
    return True


def _addresses(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if address := token.attrGet("href") or token.attrGet("src"):
            yield str(address)
        yield from _addresses(token.children or ())


def broken_inside(link: str, source: str, ids: Collection[str]) -> str | None:
    """Why a link to an entry (``entry:returns-window``) or a file leads nowhere; None for all that leads elsewhere."""
    if link.startswith(_ENTRY):
        return None if unquote(link.removeprefix(_ENTRY)) in ids else "there is no such entry"
    try:
        parts = urlsplit(link)
    except ValueError:
        return "not an address"
    if parts.scheme in {"http", "https", "mailto", "tel"} or not (parts.path or parts.scheme):
        return None
    if parts.scheme or parts.netloc:
        return "no customer can follow such a link"
    return None if (Path(source).parent / unquote(parts.path)).exists() else "there is no such file"


async def dead_pages(links: Iterable[str], client: httpx.AsyncClient) -> dict[str, str]:
    """Pages of the web that do not answer, and what they said. ``client`` sets the time-outs."""
    room = asyncio.Semaphore(_AT_ONCE)

    async def problem(link: str) -> str | None:
        async with room:
            try:
                response = await client.head(link)
                if response.status_code in _REFUSES_HEAD:
                    async with client.stream("GET", link) as response:
                        pass
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                return f"does not answer ({type(error).__name__})"
            return f"answers {response.status_code}" if response.status_code >= _GONE else None

    wanted = list(dict.fromkeys(links))
    problems = await asyncio.gather(*(problem(link) for link in wanted))
    return {link: found for link, found in zip(wanted, problems, strict=True) if found}

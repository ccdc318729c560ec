"""Searching the company's knowledge for more than was found at first."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from answering.errors import KnowledgeUnavailable
from answering.model import Citation
from answering.tools.model import Arguments, Caller, Result, Tool
from retrieval.errors import RetrievalError
from retrieval.model import Hit, SearchFilters
from retrieval.ports import KnowledgeIndex

_MOST = 3
_NEAR = 0.05  # lower than what is offered to a customer by itself: the model reads it, and the check follows


class SearchArguments(Arguments):
    """A question in a few words."""

    query: Annotated[str, Field(min_length=2, max_length=200, description="what to look for, in a few words")]


class SearchKnowledge(Tool[SearchArguments]):
    """Entries for another wording; never one that this customer may not be told."""

    name: ClassVar[str] = "search_knowledge"
    description: ClassVar[str] = (
        "Search the company's help pages, policies and manuals when the sources you have do not hold the answer."
    )
    arguments: ClassVar[type[SearchArguments]] = SearchArguments

    def __init__(self, index: KnowledgeIndex, *, now: Callable[[], datetime]) -> None:
        """Search ``index`` for what is in force."""
        self._index = index
        self._now = now

    async def call(self, arguments: SearchArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        filters = SearchFilters(at=self._now(), audience=caller.audience, locale=caller.locale)
        try:
            found = await self._index.search(arguments.query, top_k=_MOST, filters=filters)
        except RetrievalError as error:
            raise KnowledgeUnavailable("the knowledge index cannot be read") from error
        near = [hit for hit in found.hits if hit.relevance >= _NEAR]
        return [result_of(hit) for hit in near] or [Result("Nothing was found.")]


def result_of(hit: Hit) -> Result:
    """An entry as something that an answer may rest on."""
    return Result(hit.answer, Citation(hit.entry_id, hit.title, hit.path, hit.url))

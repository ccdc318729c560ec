"""The numbered sources of one answer: entries found at first, and what tools add."""

from collections.abc import Iterable

from answering.generation.ports import Masking
from answering.model import Citation
from answering.prompts.library import fenced
from answering.quality.ports import Material, Source, SourceKind
from answering.tools.model import Result
from retrieval.model import Hit

_LONGEST = 4000  # characters of one source that a model is given


class Collected:
    """Numbers sources in the order in which they come; the same entry keeps its number."""

    def __init__(self, hits: Iterable[Hit], masking: Masking) -> None:
        """Begin with ``hits``."""
        self._masking = masking
        self._sources: list[Source] = []
        self._citations: dict[int, Citation] = {}
        for hit in hits:
            self._add("entry", Citation(hit.entry_id, hit.title, hit.path, hit.url), hit.answer)

    @property
    def material(self) -> Material:
        """All there is so far."""
        return Material(tuple(self._sources))

    def fenced(self) -> str:
        """All sources as a model reads them."""
        return "\n".join(fenced(one.number, one.title, one.text) for one in self._sources)

    def add(self, tool: str, results: Iterable[Result]) -> str:
        """Take in what a tool answered; returns it as a model reads it.

        A result without a citation gets no number: nothing can rest on it.
        """
        kind: SourceKind = "entry" if tool == "search_knowledge" else "tool"
        told = []
        for result in results:
            if result.citation is None:
                told.append(result.text)
            else:
                source = self._add(kind, result.citation, self._masking.hide(result.text))
                told.append(fenced(source.number, source.title, source.text))
        return "\n".join(told)

    def citations_in(self, text: str) -> tuple[Citation, ...]:
        """Where a text's markers lead, each source once."""
        cited = [self._citations[source.number] for source in self.material.cited(text)]
        return tuple({citation.entry_id: citation for citation in cited}.values())

    def _add(self, kind: SourceKind, citation: Citation, text: str) -> Source:
        text = text[:_LONGEST]
        for known in self._sources:
            if known.name == citation.entry_id and known.text == text:
                return known
        source = Source(
            len(self._sources) + 1, kind, citation.entry_id, " > ".join(citation.path) or citation.title, text
        )
        self._sources.append(source)
        self._citations[source.number] = citation
        return source

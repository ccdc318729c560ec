"""What the knowledge is made of: entries, their passages, and what a search says about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NewType

EntryId = NewType("EntryId", str)

CONSOLE = "console"
"""The source of an entry as somebody saved it in an editor; an ingest does not overwrite it (docs/adr/0030)."""

PassageKind = Literal["question", "title", "answer"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer the company gives: an FAQ or policy entry, or one section of a manual.

    ``questions`` are wordings the entry answers. ``answer`` is Markdown. ``path`` leads from the manual's title
    through its headings to the section and is empty for an entry that stands alone; ``document_id`` is the
    id of the file's own front matter, so all sections of one manual share it; a section's own ``entry_id`` is
    ``<document_id>#<heading> > <heading>``. ``valid_from`` is inclusive,
    ``valid_until`` exclusive, both aware UTC. ``version`` is the author's own name for the document's state.
    """

    entry_id: EntryId
    document_id: str
    title: str
    answer: str
    questions: tuple[str, ...] = ()
    category: str = "general"
    products: tuple[str, ...] = ()
    audience: str = "public"
    locale: str = "en"
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    updated: str | None = None
    url: str | None = None
    source: str = ""
    path: tuple[str, ...] = ()
    content_hash: str = ""
    version: str | None = None

    @property
    def language(self) -> str:
        """The locale without its region: ``en`` of ``en-IE``."""
        return language_of(self.locale)

    def is_visible(self, filters: "SearchFilters") -> bool:
        """Whether somebody with these filters may be told this entry at ``filters.at``."""
        return (
            self.audience in filters.audience
            and self.language == language_of(filters.locale)
            and (self.valid_from is None or self.valid_from <= filters.at)
            and (self.valid_until is None or filters.at < self.valid_until)
            and (filters.categories is None or self.category in filters.categories)
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an entry short enough for one vector (about 100 words); an entry has several."""

    entry_id: EntryId
    kind: PassageKind
    text: str


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Who asks, in which language, and when. ``at`` has no default: validity is never judged by accident."""

    at: datetime
    audience: frozenset[str] = frozenset({"public"})
    locale: str = "en"
    categories: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found for a query; ``relevance`` is the probability that it answers the query.

    ``passage`` is the piece of the entry nearest to the query. ``contributions`` says how many logits each
    feature added to the relevance, ``features`` the values they were computed from.
    """

    entry_id: EntryId
    document_id: str
    title: str
    answer: str
    category: str
    source: str
    url: str | None
    relevance: float
    path: tuple[str, ...] = ()
    passage: str = ""
    features: Mapping[str, float] = field(default_factory=dict)
    contributions: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, most relevant first; ``dense`` is False when the query could not be embedded.

    ``version`` names the state of the index that answered, for caches and logs.
    """

    hits: tuple[Hit, ...]
    dense: bool
    version: str = ""


def language_of(locale: str) -> str:
    """The language part of a locale, lower case."""
    return locale.replace("_", "-").split("-", 1)[0].lower()

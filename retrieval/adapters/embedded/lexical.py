"""The words of the index: BM25 by tantivy on question, title and answer apart, filters inside the query."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import tantivy

from retrieval.model import Entry, SearchFilters, language_of
from retrieval.words import words_of

FIELDS = ("question", "title", "answer")
_BEGINNING, _END = -(2**62), 2**62  # stand for "valid since ever" and "valid for ever"
_WRITER_MEMORY = 32_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in FIELDS:
        # Words are cut and stemmed by retrieval.words in the entry's own language, so that documents,
        # queries and features see the same words; tantivy only splits at spaces.
        builder = builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("audience", "language", "category"):
        builder = builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder = builder.add_unsigned_field("ordinal", fast=True)
    for name in ("valid_from", "valid_until"):
        builder = builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


def build(folder: Path, entries: Sequence[Entry], texts: Sequence[Mapping[str, str]]) -> None:
    """Write the lexical part of a generation; ``texts`` gives each entry's text by field."""
    folder.mkdir()
    schema = _schema()
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(heap_size=_WRITER_MEMORY, num_threads=1)
    for ordinal, (entry, fields) in enumerate(zip(entries, texts, strict=True)):
        document = tantivy.Document()
        for name in FIELDS:
            document.add_text(name, " ".join(words_of(fields.get(name, ""), entry.language)))
        document.add_text("audience", entry.audience)
        document.add_text("language", entry.language)
        document.add_text("category", entry.category)
        document.add_unsigned("ordinal", ordinal)
        document.add_integer("valid_from", _micros(entry.valid_from) if entry.valid_from else _BEGINNING)
        document.add_integer("valid_until", _micros(entry.valid_until) if entry.valid_until else _END)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class Lexical:
    """The lexical part of one generation, opened for reading."""

    def __init__(self, folder: Path) -> None:
        """Open the files; raises ValueError when they are not a tantivy index."""
        self._schema = _schema()
        self._searcher = tantivy.Index(self._schema, path=str(folder), reuse=True).searcher()

    def scores(self, words: Sequence[str], filters: SearchFilters, *, limit: int) -> dict[str, dict[int, float]]:
        """BM25 of the best ``limit`` entries in each field, by the entry's ordinal."""
        return {name: self._field_scores(name, words, filters, limit) for name in FIELDS}

    def _field_scores(self, name: str, words: Sequence[str], filters: SearchFilters, limit: int) -> dict[int, float]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, name, word, "freq"))
            for word in dict.fromkeys(words)
        ]
        if not terms:
            return {}
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, tantivy.Query.boolean_query(terms)), *self._filter(filters)]
        )
        found = self._searcher.search(query, limit=limit, count=False).hits
        ordinals = self._searcher.fast_field_values("ordinal", [address for _, address in found])
        return {int(ordinal): float(score) for ordinal, (score, _) in zip(ordinals, found, strict=True)}

    def _filter(self, filters: SearchFilters) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        at = _micros(filters.at)
        clauses = [
            self._any_of("audience", filters.audience),
            self._any_of("language", {language_of(filters.locale)}),
            self._range("valid_from", _BEGINNING, at),
            self._range("valid_until", at + 1, _END),
        ]
        if filters.categories is not None:
            clauses.append(self._any_of("category", filters.categories))
        return [(tantivy.Occur.Must, tantivy.Query.const_score_query(clause, 0.0)) for clause in clauses]

    def _any_of(self, name: str, values: frozenset[str] | set[str]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, name, sorted(values))

    def _range(self, name: str, low: int, high: int) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, name, tantivy.FieldType.Integer, low, high)

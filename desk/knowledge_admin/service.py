"""Writing the knowledge: entries, drafts, trying, gaps."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from desk.accounts.model import Staff
from desk.errors import Invalid, NotFound
from desk.knowledge_admin.errors import EntryStale
from desk.knowledge_admin.gaps import gaps_of, is_done, is_filled, wording_of, wordings_of
from desk.knowledge_admin.model import Draft, Edition, EntryState, Gap, Past, Tried
from desk.knowledge_admin.ports import Drafts, GapsDone, Knowledge, Unanswered
from desk.knowledge_admin.schemas import moment_of
from desk.knowledge_admin.settings import Bands
from retrieval.documents.cleaning import slug_of
from retrieval.editing import Written
from retrieval.model import Hit

_LONGEST_ID = 60
_HITS = 8
_MOST_GAPS = 50
_MOST_LOOKED_UP = 200
_BUTTONS = 3
_LONGEST_QUESTION = 300

Listed = Edition | Draft


@dataclass(frozen=True)
class KnowledgeDesk:
    """What the routes call."""

    knowledge: Knowledge
    drafts: Drafts
    unanswered: Sequence[Unanswered]
    done: GapsDone
    bands: Bands
    now: Callable[[], datetime]

    async def listed(self, *, words: str, category: str | None, state: EntryState | None) -> list[Listed]:
        """Drafts and entries, changed last first; ``words`` must all stand in title, questions, answer or id."""
        wanted = words.casefold().split()
        entries: list[Listed] = [
            one
            for one in await self.knowledge.editions()
            if (state is None or one.state is state) and category in {None, one.entry.category}
            if _says(wanted, one.entry.entry_id, one.entry.title, one.entry.answer, *one.entry.questions)
        ]
        drafts: list[Listed] = [
            one
            for one in await self.drafts.all()
            if state in {None, EntryState.DRAFT} and category in {None, one.body["category"]}
            if _says(wanted, one.id, one.body["title"], one.body["answer"], *one.body["questions"])
        ]
        beginning = datetime.min.replace(tzinfo=self.now().tzinfo)
        return drafts + sorted(entries, key=lambda one: one.updated_at or beginning, reverse=True)

    async def get(self, entry_id: str) -> Listed:
        """One of them.

        Raises:
            NotFound: there is none.
        """
        if draft := await self.drafts.get(entry_id):
            return draft
        return await self._edition(entry_id)

    async def create(
        self, staff: Staff, entry_id: str | None, fields: Mapping[str, Any], *, draft: bool, why: str, allow: bool
    ) -> Listed:
        """A new entry, in force at once, or a new draft. Errors as for ``Knowledge.save``."""
        name = await self._free_id(entry_id, str(fields["title"]))
        if draft:
            await self.drafts.put(self._draft(name, fields, 1, staff), expected=None)
        else:
            await self._save(staff, name, fields, expected=None, why=why, allow=allow)
        return await self.get(name)

    async def change(
        self,
        staff: Staff,
        entry_id: str,
        fields: Mapping[str, Any],
        *,
        version: int | None,
        live: bool | None,
        why: str,
        allow: bool,
    ) -> Listed:
        """Save an entry or a draft; a draft saved as ``live`` becomes an entry.

        Raises:
            Invalid: no version was sent, or an entry would be made a draft.
            StaleVersion: somebody saved it meanwhile.
            NotFound: there is none.
        """
        if version is None:
            raise Invalid("Send the version that you have edited.")
        if kept := await self.drafts.get(entry_id):
            return await self._change_draft(staff, kept, fields, version=version, live=bool(live), why=why, allow=allow)
        if live is False:
            raise Invalid("An entry that is live cannot become a draft; retire it instead.")
        edition = await self._edition(entry_id)
        await self._save(staff, entry_id, {**_fields_of(edition), **fields}, expected=version, why=why, allow=allow)
        return await self._edition(entry_id)

    async def _change_draft(
        self,
        staff: Staff,
        kept: Draft,
        fields: Mapping[str, Any],
        *,
        version: int,
        live: bool,
        why: str,
        allow: bool,
    ) -> Listed:
        body = {**kept.body, **fields}
        if live:
            if kept.version != version:
                raise EntryStale(kept.updated_by)
            await self._save(staff, kept.id, body, expected=None, why=why, allow=allow)
            await self.drafts.remove(kept.id)
        else:
            changed = replace(kept, body=body, version=version + 1, updated_by=staff.name, updated_at=self.now())
            await self.drafts.put(changed, expected=version)
        return await self.get(kept.id)

    async def remove(self, staff: Staff, entry_id: str, *, version: int | None) -> None:
        """Throw a draft away, or end an entry now; ended entries can be restored."""
        if not await self.drafts.remove(entry_id):
            await self.knowledge.retire(entry_id, expected=version, by=staff.name, why="")

    async def versions(self, entry_id: str) -> Sequence[Past]:
        """An entry's versions, latest first.

        Raises:
            NotFound: there never was one.
        """
        found = await self.knowledge.versions(entry_id)
        if not found:
            await self.get(entry_id)  # a draft, or an entry from before the history, has none
        return found

    async def two_versions(self, entry_id: str, older: int, newer: int) -> tuple[Past, Past]:
        """Two versions of an entry.

        Raises:
            NotFound: one of them does not exist.
        """
        found = {past.version: past for past in await self.knowledge.versions(entry_id)}
        if older not in found or newer not in found:
            raise NotFound
        return found[older], found[newer]

    async def restore(self, staff: Staff, entry_id: str, version: int) -> Edition:
        """Bring an earlier version back as a new one."""
        if version not in {past.version for past in await self.knowledge.versions(entry_id)}:
            raise NotFound
        await self.knowledge.restore(entry_id, version, by=staff.name)
        return await self._edition(entry_id)

    async def tried(self, question: str, *, audience: str, locale: str) -> list[Tried]:
        """What the bot would do with a customer's question, had nothing been said before."""
        hits = await self.knowledge.search(question, audience=audience, locale=locale, most=_HITS)
        return [self._tried(hit, place, hits[0]) for place, hit in enumerate(hits)]

    async def gaps(self, since: datetime, until: datetime) -> list[Gap]:
        """What customers asked in vain, the most and the unhappiest first; personal data is masked.

        Left out is what nobody asked again since an entry answers it, or since somebody called it done.
        """
        asked = [one for source in self.unanswered for one in await source.between(since, until)]
        shown = [replace(one, text=self.knowledge.masked(one.text)[:_LONGEST_QUESTION]) for one in asked]
        wordings = wordings_of(shown)
        vectors = await self.knowledge.vectors([wording[0].text for wording in wordings]) if wordings else None
        done = await self.done.moments()
        found = [gap for gap in await asyncio.to_thread(gaps_of, wordings, vectors) if not is_done(gap, done)]
        return await self._open(found[:_MOST_LOOKED_UP])

    async def _open(self, found: Sequence[Gap]) -> list[Gap]:
        """Those that no entry fills, each with the entry that is nearest and with its draft."""
        drafted = {draft.question: draft.id for draft in await self.drafts.all() if draft.question}
        editions = {str(one.entry.entry_id): one for one in await self.knowledge.editions()}
        still: list[Gap] = []
        for gap in found:
            hits = await self.knowledge.search(gap.question, audience="staff", locale="en", most=_HITS)
            if not is_filled(gap, self._told(hits, editions)):
                still.append(self._with_nearest(gap, hits, drafted))
            if len(still) == _MOST_GAPS:
                break
        return still

    def _told(self, hits: Sequence[Hit], editions: Mapping[str, Edition]) -> Edition | None:
        """The entry that a customer would be told; one for staff only never is."""
        for hit in hits:
            edition = editions.get(hit.entry_id)
            if edition and edition.entry.audience != "staff":
                return edition if hit.relevance >= self.bands.answer_at else None
        return None

    async def call_done(self, staff: Staff, questions: Sequence[str], *, done: bool) -> None:
        """A gap, in the wordings in which it was shown, needs no entry, until it is asked again; or it does."""
        wordings = {wording for question in questions if (wording := wording_of(question))}
        if done:
            await self.done.put(wordings, by=staff.name, at=self.now())
        else:
            await self.done.remove(wordings)

    async def draft_for(self, staff: Staff, question: str, conversation_id: str | None) -> Draft:
        """A draft that has the question already; the one there is, if somebody was first."""
        for kept in await self.drafts.all():
            if kept.question == question:
                return kept
        category = await self._category_near(question)
        fields = {**_EMPTY, "title": question, "questions": [question], "category": category}
        name = await self._free_id(None, question)
        draft = replace(self._draft(name, fields, 1, staff), question=question, conversation_id=conversation_id)
        await self.drafts.put(draft, expected=None)
        return draft

    async def _category_near(self, question: str) -> str:
        """What most of the near entries are about, by their relevance; empty, to be chosen, where none is near."""
        near: defaultdict[str, float] = defaultdict(float)
        for hit in await self.knowledge.search(question, audience="staff", locale="en", most=_HITS):
            if hit.relevance >= self.bands.suggest_at:
                near[hit.category] += hit.relevance
        return max(near, key=lambda category: near[category], default="")

    def _with_nearest(self, gap: Gap, hits: Sequence[Hit], drafted: Mapping[str, str]) -> Gap:
        texts = [gap.question, *(one.text for one in gap.examples)]
        draft_id = next((drafted[text] for text in texts if text in drafted), None)
        nearest = self._tried(hits[0], 0, hits[0]) if hits else None
        return replace(gap, nearest=nearest, draft_id=draft_id)

    def _tried(self, hit: Hit, place: int, best: Hit) -> Tried:
        told = best.relevance >= self.bands.answer_at
        would = "nothing"
        if told and place == 0:
            would = "told"
        elif not told and hit.relevance >= self.bands.suggest_at and place < _BUTTONS:
            would = "button"
        lexical = max(hit.features.get("question_coverage", 0.0), hit.features.get("answer_coverage", 0.0))
        dense = hit.features.get("best_cosine", 0.0)
        return Tried(hit.entry_id, hit.title, hit.relevance, lexical, dense, would)

    async def _save(
        self, staff: Staff, entry_id: str, fields: Mapping[str, Any], *, expected: int | None, why: str, allow: bool
    ) -> None:
        if not fields["category"].strip():
            raise Invalid("Choose a category first.")
        await self.knowledge.save(
            entry_id,
            written_of(fields),
            expected=expected,
            by=staff.name,
            why=why,
            allow_personal_data=allow,
        )

    async def _edition(self, entry_id: str) -> Edition:
        for one in await self.knowledge.editions():
            if one.entry.entry_id == entry_id:
                return one
        raise NotFound

    async def _free_id(self, wanted: str | None, title: str) -> str:
        """The id asked for, or one made of the title that nobody has."""
        taken = {str(one.entry.entry_id) for one in await self.knowledge.editions()}
        taken |= {one.id for one in await self.drafts.all()}
        if wanted:
            if wanted in taken:
                raise Invalid(f"There is already an entry with the id {wanted}.")
            return wanted
        base = slug_of(title)[:_LONGEST_ID].strip("-") or "entry"
        names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
        return next(name for name in names if name not in taken)

    def _draft(self, name: str, fields: Mapping[str, Any], version: int, staff: Staff) -> Draft:
        return Draft(name, dict(fields), version, None, None, staff.name, self.now())


_EMPTY: Mapping[str, Any] = {
    "title": "",
    "answer": "",
    "questions": [],
    "category": "general",
    "product": [],
    "audience": "public",
    "locale": "en",
    "valid_from": None,
    "valid_until": None,
    "url": None,
}
DEFAULT_GAP_DAYS = timedelta(days=30)


def written_of(fields: Mapping[str, Any]) -> Written:
    """Fields as the API has them, as retrieval's editor takes them."""
    return Written(
        title=fields["title"],
        answer=fields["answer"],
        questions=tuple(filter(None, (question.strip() for question in fields["questions"]))),
        category=fields["category"],
        products=tuple(fields["product"]),
        audience=fields["audience"],
        locale=fields["locale"],
        valid_from=moment_of(fields["valid_from"]),
        valid_until=moment_of(fields["valid_until"]),
        url=fields["url"] or None,
    )


def _fields_of(edition: Edition) -> dict[str, Any]:
    entry = edition.entry
    return {
        "title": entry.title,
        "answer": entry.answer,
        "questions": list(entry.questions),
        "category": entry.category,
        "product": list(entry.products),
        "audience": entry.audience,
        "locale": entry.locale,
        "valid_from": entry.valid_from.isoformat() if entry.valid_from else None,
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else None,
        "url": entry.url,
    }


def _says(wanted: Sequence[str], *texts: str) -> bool:
    text = "\n".join(texts).casefold()
    return all(word in text for word in wanted)

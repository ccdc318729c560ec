"""Answers to the customer's last words, for an agent to edit: entries' own words at once, written drafts after them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.gateway.model import Item, Speaker
from desk.inbox.help_ports import Answering, Knowledge
from desk.inbox.ports import Customers

_MOST = 3
_LEAST_RELEVANCE = 0.1
"""From here on an agent may find an entry useful; the bot itself offers it from there to whom it understands."""
_HITS = 8
_LONGEST_QUESTION = 2000
_LONGEST_MESSAGE = 4000
_BEFORE = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """The customer's last words, and what was said before them, oldest first."""

    words: str
    before: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Suggesting:
    """What the composer offers."""

    knowledge: Knowledge
    answering: Answering
    customers: Customers

    async def entries(self, conversation_id: str, asked: Asked, locale: str | None) -> list[dict[str, Any]]:
        """Entries nearest to the question. ``for_staff``: not for this customer's eyes, only to be read.

        Raises:
            NotPossible: the knowledge cannot be read now.
        """
        customer = await self.customers.of(conversation_id)
        audience = "customer" if customer is not None and customer.verified else "public"
        told, known = await asyncio.gather(
            *(
                self.knowledge.search(asked.words, audience=one, locale=locale or "en", most=_HITS)
                for one in (audience, "staff")
            )
        )
        may_be_told = {hit.entry_id for hit in told}
        near = [hit for hit in known if hit.relevance >= _LEAST_RELEVANCE][:_MOST]
        return [
            {
                "text": hit.answer,
                "source": "knowledge",
                "for_staff": hit.entry_id not in may_be_told,
                "citations": [{"entry_id": hit.entry_id, "title": hit.title, "relevance": round(hit.relevance, 3)}],
            }
            for hit in near
        ]

    async def written(self, conversation_id: str, asked: Asked, locale: str | None) -> list[dict[str, Any]]:
        """What staff approved for this question, and what the language model writes; each checked as for the bot.

        Raises:
            NotPossible: the answering side does not answer.
        """
        drafts = await self.answering.drafts(conversation_id, asked.words, asked.before, locale or "en")
        return [
            {
                "text": one["text"],
                "source": "approved" if one.get("rung") == "approved" else "model",
                "for_staff": False,
                "citations": [{**cited, "relevance": None} for cited in one.get("citations", ())],
            }
            for one in drafts
        ]


def last_asked(items: Sequence[Item]) -> Asked | None:
    """The customer's messages since anybody answered, else the last ones that somebody did answer."""
    said = [one.draft for one in items if one.draft.text and one.draft.speaker is not Speaker.SYSTEM]
    end = len(said)
    while end and said[end - 1].speaker is not Speaker.CUSTOMER:
        end -= 1
    start = end
    while start and said[start - 1].speaker is Speaker.CUSTOMER:
        start -= 1
    if start == end:
        return None
    words = "\n".join(one.text for one in said[start:end])[-_LONGEST_QUESTION:]
    before = [
        {"speaker": one.speaker.value, "text": one.text[:_LONGEST_MESSAGE]}
        for one in said[max(0, start - _BEFORE) : start]
    ]
    return Asked(words, before)

"""What colleagues in the desk's console ask of the answering side: drafts, translations, approved answers."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from answering.adapters.approved_store import ApprovedStore
from answering.approved import ApprovedAnswer, newest_first, personal_data_in
from answering.errors import ApprovalRefused
from answering.follow_up import is_follow_up
from answering.ladder import Ladder
from answering.model import Answer, Exchange, Question
from answering.translation import Translator
from backoffice.errors import BackofficeError
from privacy.personal_data import PersonalData

IsVerified = Callable[[str], object]


class Body(BaseModel):
    """Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Said(Body):
    """One message of the conversation."""

    speaker: Literal["customer", "bot", "agent"]
    text: str = Field(max_length=8000)


class DraftsBody(Body):
    """The customer's last words and what was said before them, oldest first."""

    conversation_id: str = Field(max_length=64)
    question: str = Field(min_length=1, max_length=4000)
    before: list[Said] = Field(default=[], max_length=40)
    locale: str = Field(default="en", max_length=35)


class TranslationBody(Body):
    """What, and into which language (a BCP 47 tag)."""

    conversation_id: str = Field(max_length=64)
    text: str = Field(min_length=1, max_length=8000)
    to: str = Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35)


class ApprovalBody(Body):
    """An answer that is the company's from now on."""

    question: str = Field(min_length=1, max_length=2000)
    answer: str = Field(min_length=1, max_length=8000)
    by: str = Field(min_length=1, max_length=128)
    locale: str = Field(default="en", max_length=35)
    valid_until: AwareDatetime | None = None


Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ApprovalsBody(Body):
    """Which approved answers: with these words, after the page that ended with ``before``, in use or withdrawn."""

    words: str = Field(default="", max_length=200)
    withdrawn: bool = False
    before: Number | None = None
    limit: int = Field(default=50, ge=1, le=100)


class WithdrawalBody(Body):
    """Which approved answer is not to be told any more, and who says so."""

    number: Number
    by: str = Field(min_length=1, max_length=128)


class ValidityBody(Body):
    """Until when an approved answer is told; null without end."""

    number: Number
    valid_until: AwareDatetime | None


@dataclass(frozen=True, slots=True)
class StaffHelp:
    """The answering side as the console needs it. ``translator`` is None while there is no language model."""

    ladder: Ladder
    approved: ApprovedStore
    translator: Translator | None
    verified_customer: IsVerified
    personal_data: PersonalData

    async def drafts(self, body: DraftsBody) -> Sequence[Mapping[str, Any]]:
        """``text``, ``rung`` (approved or generated) and ``citations`` of each; only what this customer may be told.

        Raises:
            KnowledgeUnavailable: the knowledge cannot be read.
        """
        try:
            verified = await asyncio.to_thread(self.verified_customer, body.conversation_id)
        except BackofficeError:
            verified = None  # who cannot be asked about is told what everybody is
        asked = [one.text for one in body.before if one.speaker == "customer"]
        question = Question(
            text=body.question,
            conversation_id=body.conversation_id,
            audience=frozenset({"public", "customer"}) if verified else frozenset({"public"}),
            locale=body.locale,
            refers_to=asked[-1] if asked and is_follow_up(body.question) else None,
            history=tuple(Exchange(one.speaker, one.text) for one in body.before),
        )
        return [_draft(one) for one in await self.ladder.drafts(question)]

    async def approve(self, body: ApprovalBody) -> int:
        """Tell this answer from the next such question on; its number. The same again is the same answer.

        The question was a customer's: it is kept as questions are searched, without personal data.

        Raises:
            ApprovalRefused: it holds personal data, and everybody would be told.
            ApprovedStoreUnavailable: it was not kept.
        """
        if told := personal_data_in((body.answer,), self.personal_data):
            raise ApprovalRefused(
                "invalid", f"It holds personal data ({told}). Take it out, or send it to this customer only."
            )
        question = self.personal_data.hidden(body.question)
        until: datetime | None = body.valid_until.astimezone(UTC) if body.valid_until else None
        made = ApprovedAnswer(question, body.answer, locale=body.locale, valid_until=until, by=body.by)
        return (await asyncio.to_thread(self.approved.add_once, made)).number

    async def approvals(self, body: ApprovalsBody) -> dict[str, Any]:
        """A page of approved answers, newest first: ``items``, how many there are in ``total``, ``next`` if more.

        Raises:
            ApprovedStoreUnavailable: they cannot be read.
        """
        found = newest_first(await asyncio.to_thread(self.approved.all), body.words, withdrawn=body.withdrawn)
        rest = [one for one in found if body.before is None or one.number < body.before]
        shown = rest[: body.limit]
        following = shown[-1].number if len(rest) > len(shown) else None
        return {"items": [_approval(one) for one in shown], "total": len(found), "next": following}

    async def withdraw(self, body: WithdrawalBody) -> dict[str, Any]:
        """Tell it no more, from the next question on. The same again by the same person is done already.

        Raises:
            ApprovalRefused: there is no such answer, or somebody else was first.
            ApprovedStoreUnavailable: it is told as before.
        """
        if not await asyncio.to_thread(self.approved.withdraw, body.number, by=body.by):
            there = await self._found(body.number)
            if there.withdrawn_by != body.by:
                raise _withdrawn(there)
        return _approval(await self._found(body.number))

    async def hold_until(self, body: ValidityBody) -> dict[str, Any]:
        """Tell it until another moment.

        Raises:
            ApprovalRefused: there is no such answer, it is withdrawn, or it begins later only.
            ApprovedStoreUnavailable: it is told as before.
        """
        until = body.valid_until.astimezone(UTC) if body.valid_until else None
        there = await self._found(body.number)
        if until and there.valid_from and until <= there.valid_from:
            raise ApprovalRefused("invalid", "This answer begins later only. Choose a later day.")
        if not await asyncio.to_thread(self.approved.hold_until, body.number, until):
            raise _withdrawn(await self._found(body.number))
        return _approval(await self._found(body.number))

    async def _found(self, number: int) -> ApprovedAnswer:
        there = await asyncio.to_thread(self.approved.find, number)
        if there is None:
            raise ApprovalRefused("not_found", "There is no such approved answer.")
        return there


def _withdrawn(answer: ApprovedAnswer) -> ApprovalRefused:
    return ApprovalRefused("not_possible", f"{answer.withdrawn_by} has withdrawn this answer already.")


def _approval(answer: ApprovedAnswer) -> dict[str, Any]:
    moments = {
        name: value.isoformat() if (value := getattr(answer, name)) else None
        for name in ("at", "valid_from", "valid_until", "withdrawn_at")
    }
    words = {
        name: getattr(answer, name)
        for name in ("number", "question", "answer", "audience", "locale", "by", "withdrawn_by")
    }
    return words | moments


def _draft(answer: Answer) -> dict[str, Any]:
    cited = [{"entry_id": one.entry_id, "title": one.title, "url": one.url} for one in answer.citations]
    return {"text": answer.text, "rung": answer.kind, "citations": cited}

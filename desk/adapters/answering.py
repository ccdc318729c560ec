"""The answering side over HTTP: the action server's ``/staff/…``, which has the ladder and the language model."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx
import structlog

from contracts.secrets import SECRET_HEADER
from desk.errors import Invalid, NotFound, NotPossible, Refusal, StoreUnavailable

logger = structlog.get_logger()

_SECONDS = 35.0  # the longest that a language model may be given (ANSWERING_LLM_SECONDS), and a little
_SOON_SECONDS = 5.0
_AWAY = "The approved answers cannot be reached just now. Try again in a moment."
_REFUSALS: Mapping[str, type[Refusal]] = {"invalid": Invalid, "not_possible": NotPossible}


class ActionServer:
    """An ``Answering``."""

    def __init__(self, webhook: str, *, secret: str, http: httpx.AsyncClient | None = None) -> None:
        """Reach the server whose webhook Rasa calls; ``http`` replaces the connection in tests."""
        self._http = http or httpx.AsyncClient(
            base_url=webhook.rstrip("/").removesuffix("/webhook"),
            headers={SECRET_HEADER: secret},
            timeout=httpx.Timeout(_SECONDS, connect=2.0),
            trust_env=False,
        )

    async def has_model(self) -> bool:
        try:
            answer = await self._http.get("/staff/abilities", timeout=_SOON_SECONDS)
            return answer.status_code == httpx.codes.OK and bool(answer.json()["language_model"])
        except (httpx.HTTPError, ValueError, KeyError) as error:
            logger.warning("answering.unavailable", error=type(error).__name__)
            return False

    async def drafts(
        self, conversation_id: str, question: str, before: Sequence[Mapping[str, str]], locale: str
    ) -> Sequence[Mapping[str, Any]]:
        body = {"conversation_id": conversation_id, "question": question, "before": list(before), "locale": locale}
        return list((await self._post("drafts", body)).get("drafts") or ())

    async def translate(self, conversation_id: str, text: str, to: str) -> str:
        if not await self.has_model():
            raise NotPossible("No language model is set up to translate.")
        told = await self._post("translations", {"conversation_id": conversation_id, "text": text, "to": to})
        return str(told["text"])

    async def approve(
        self, question: str, answer: str, *, by: str, locale: str | None, valid_until: datetime | None
    ) -> None:
        body: dict[str, Any] = {"question": question, "answer": answer, "by": by, "locale": locale or "en"}
        body["valid_until"] = valid_until.isoformat() if valid_until else None
        try:
            await self._approved("", body)
        except NotPossible as error:
            raise StoreUnavailable("the answer was not kept") from error

    async def approvals(self, words: str, *, withdrawn: bool, before: int | None, limit: int) -> Mapping[str, Any]:
        body = {"words": words, "withdrawn": withdrawn, "before": before, "limit": limit}
        return await self._approved("/list", body)

    async def withdraw(self, number: int, *, by: str) -> Mapping[str, Any]:
        return await self._approved("/withdraw", {"number": number, "by": by})

    async def hold_until(self, number: int, valid_until: datetime | None) -> Mapping[str, Any]:
        until = valid_until.isoformat() if valid_until else None
        return await self._approved("/validity", {"number": number, "valid_until": until})

    async def close(self) -> None:
        await self._http.aclose()

    async def _approved(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Approved answers; refusals of the other side in its own words."""
        try:
            answer = await self._http.post(f"/staff/approvals{path}", json=body, timeout=_SOON_SECONDS)
            told: dict[str, Any] = answer.json()
            if answer.is_success:
                return told
            kind, message = str(told["error"]["type"]), str(told["error"]["message"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            logger.warning("answering.failed", path=f"approvals{path}", error=type(error).__name__)
            raise NotPossible(_AWAY) from error
        if kind == "not_found":
            raise NotFound
        if answer.is_client_error and kind in _REFUSALS:
            raise _REFUSALS[kind](message)
        logger.warning("answering.failed", path=f"approvals{path}", error=message)
        raise NotPossible(_AWAY)

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._http.post(f"/staff/{path}", json=body)
            answer.raise_for_status()
            told: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            logger.warning("answering.failed", path=path, error=type(error).__name__)
            raise NotPossible("That did not work just now. Try again in a moment, or write it yourself.") from error
        return told

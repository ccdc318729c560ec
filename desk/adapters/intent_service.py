"""The intent service, asked what the model in use makes of a sentence and what it was trained on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpx
import structlog

from contracts.nlu import parse_data_from
from desk.errors import NotPossible
from desk.reviews.ports import Heard, ServedModel

logger = structlog.get_logger()

_AWAY = "The intent service does not answer: which model is in use cannot be said."


class IntentService:
    """An ``Understander`` over HTTP. ``timeout_seconds`` covers one call; nothing is tried twice: a person looks on."""

    def __init__(
        self, url: str, *, timeout_seconds: float = 10.0, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout_seconds, transport=transport, trust_env=False)

    async def served(self) -> ServedModel:
        told = await self._asked("GET", "/info")
        try:
            created = datetime.fromisoformat(told["created"]) if told.get("created") else None
            return ServedModel(told["model"], created, told["data_fingerprint"], int(told["examples"]))
        except (KeyError, TypeError, ValueError) as error:
            raise NotPossible(_AWAY) from error

    async def hear(self, texts: Sequence[str]) -> list[Heard]:
        told = await self._asked("POST", "/classify", {"texts": list(texts)})
        try:
            parsed = [parse_data_from(text, one) for text, one in zip(texts, told["results"], strict=True)]
            return [Heard(one["intent"]["name"], float(one["intent"]["confidence"])) for one in parsed]
        except (KeyError, TypeError, ValueError) as error:
            raise NotPossible(_AWAY) from error

    async def close(self) -> None:
        await self._client.aclose()

    async def _asked(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            answer = await self._client.request(method, path, json=body)
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, ValueError) as error:
            logger.warning("intent_service.unavailable", error=type(error).__name__)
            raise NotPossible(_AWAY) from error

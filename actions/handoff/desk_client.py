"""The desk over HTTP: a colleague joins this very conversation."""

import dataclasses

import httpx

from actions.handoff.model import Accepted, Handoff
from actions.handoff.ports import DeskUnavailable
from contracts.secrets import SECRET_HEADER

_NOT_SENT = {"contact_email"}
_TAKEN = frozenset({"queued", "agent"})
_LONGEST_SUMMARY = 4000
_LONGEST_TRIED = 200
"""Characters that the desk takes of one attempt: a few sections of a manual have longer names together."""

_ATTEMPTS = 2  # the second one is safe: the desk knows a handoff by its conversation and message


class DeskClient:
    """Implements ``HandoffDesk`` by ``POST /internal/handoffs``."""

    def __init__(self, client: httpx.AsyncClient, *, secret: str) -> None:
        """Use ``client``, whose base URL is the desk and whose timeout is for one try."""
        self._client = client
        self._secret = secret

    async def take(self, handoff: Handoff) -> Accepted:
        """See ``HandoffDesk.take``."""
        body = {name: value for name, value in dataclasses.asdict(handoff).items() if name not in _NOT_SENT}
        body |= {"reason": handoff.reason.value, "summary": handoff.summary[:_LONGEST_SUMMARY]}
        body["tried"] = [attempt[:_LONGEST_TRIED] for attempt in handoff.tried]
        for tries_left in reversed(range(_ATTEMPTS)):
            try:
                return await self._post(body)
            except httpx.HTTPError as error:
                if not tries_left:
                    raise DeskUnavailable(type(error).__name__) from error
        raise AssertionError  # the loop returns or raises

    async def _post(self, body: dict[str, object]) -> Accepted:
        answer = await self._client.post("/internal/handoffs", json=body, headers={SECRET_HEADER: self._secret})
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise DeskUnavailable("the conversation did not come through the desk", known=False)
        answer.raise_for_status()
        try:
            told = answer.json()
            state = str(told.get("state"))
            opening = told.get("opening") or {}
            closed = str(opening.get("text") or "") if not opening.get("open", True) else None
        except (ValueError, AttributeError) as error:
            raise DeskUnavailable("the desk's answer is not a handoff") from error
        if state not in _TAKEN:  # out of hours the desk may leave the conversation with the bot: then it is a ticket
            raise DeskUnavailable(f"the desk left the conversation in state {state}", known=False)
        return Accepted("chat", opening=closed)

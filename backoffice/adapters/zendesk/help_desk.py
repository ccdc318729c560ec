"""``HelpDesk`` by Zendesk's Support API (v2): https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/."""

import re
from http import HTTPStatus
from typing import Any

import httpx

from backoffice.adapters.http_call import HttpCall, NeighbourUnavailable, body
from backoffice.helpdesk_port import RemoteId
from backoffice.model.ticket import Ticket, TicketState

NAME = "Zendesk"
SUBJECT_CHARACTERS = 140
_STATES = {
    "new": TicketState.OPEN,
    "open": TicketState.OPEN,
    "pending": TicketState.WAITING,
    "hold": TicketState.WAITING,
    "solved": TicketState.RESOLVED,
    "closed": TicketState.RESOLVED,
}
_MADE = frozenset({HTTPStatus.CREATED, HTTPStatus.OK})
_THERE_OR_NOT = frozenset({HTTPStatus.OK, HTTPStatus.NOT_FOUND})


class Zendesk:
    """Tickets carry our number as ``external_id``; comments are internal, so that no mail goes out by them.

    Twice is prevented thrice: the ``Idempotency-Key`` that Zendesk honours for two hours, a look for the
    ``external_id`` before a second try, and the delivery's own row, which one process claims at a time.
    """

    def __init__(self, call: HttpCall) -> None:
        self._call = call

    def create(self, ticket: Ticket, *, tried: bool) -> RemoteId:
        if tried and (found := self._find(ticket.number)):
            return found
        made = self._call(
            "POST",
            "/api/v2/tickets.json",
            expect=_MADE,
            json={"ticket": ticket_body(ticket)},
            headers={"Idempotency-Key": f"frontdesk-{ticket.number}-{ticket.opened_at:%Y%m%dT%H%M%S}"},
        )
        return _id(_part(made, "ticket"))

    def comment(self, remote_id: RemoteId, text: str, mark: str, *, tried: bool) -> None:
        if tried and self._has(remote_id, mark):
            return
        self._update(remote_id, {"comment": {"body": f"The customer adds:\n{text}\n\n[{mark}]", "public": False}})

    def set_contact(self, remote_id: RemoteId, email: str) -> None:
        self._update(remote_id, {"requester": _requester(email)})

    def state(self, remote_id: RemoteId) -> TicketState | None:
        path = f"/api/v2/tickets/{remote_id}.json"
        shown = self._call("GET", path, expect=_THERE_OR_NOT, again=False)  # a customer waits for it
        if shown.status_code == HTTPStatus.NOT_FOUND:
            return None
        status = _part(shown, "ticket").get("status")
        try:
            return _STATES[status]
        except (KeyError, TypeError) as error:
            raise NeighbourUnavailable(f"{NAME} told a ticket status that is not known") from error

    def close(self) -> None:
        self._call.close()

    def _find(self, number: str) -> RemoteId | None:
        listed = self._call("GET", "/api/v2/tickets.json", params={"external_id": number})
        tickets = _part(listed, "tickets", list)
        return _id(tickets[0]) if tickets else None

    def _has(self, remote_id: RemoteId, mark: str) -> bool:
        """Whether one of the last hundred comments carries the mark."""
        params = {"sort_order": "desc", "page[size]": "100"}
        listed = self._call("GET", f"/api/v2/tickets/{remote_id}/comments.json", params=params)
        return any(f"[{mark}]" in str(one.get("body")) for one in _part(listed, "comments", list))

    def _update(self, remote_id: RemoteId, change: dict[str, Any]) -> None:
        """Not tried again here: a second comment would be a second comment."""
        self._call("PUT", f"/api/v2/tickets/{remote_id}.json", json={"ticket": change}, again=False)


def zendesk_client(*, base_url: str, user: str, token: str, timeout_seconds: float) -> httpx.Client:
    """Basic authentication with an API token, as Zendesk wants it: ``user/token``."""
    return httpx.Client(
        base_url=base_url,
        auth=(f"{user}/token", token),
        timeout=timeout_seconds,
        headers={"Accept": "application/json"},
        follow_redirects=False,
    )


def ticket_body(ticket: Ticket) -> dict[str, Any]:
    """The ticket in Zendesk's words."""
    made: dict[str, Any] = {
        "external_id": ticket.number,
        "subject": _subject(ticket),
        "priority": ticket.priority.value,
        "tags": ["frontdesk", re.sub(r"[^a-z0-9_]+", "_", ticket.reason.casefold())],
        "comment": {"body": _told(ticket), "public": False},
    }
    if ticket.contact_email:
        made["requester"] = _requester(ticket.contact_email)
    return made


def _requester(email: str) -> dict[str, str]:
    return {"name": email, "email": email}


def _subject(ticket: Ticket) -> str:
    first = " ".join(ticket.summary.split()) or ticket.reason
    return f"{ticket.number}: {first}"[:SUBJECT_CHARACTERS]


def _told(ticket: Ticket) -> str:
    parts = [ticket.summary]
    if ticket.collected:
        parts.append("\n".join(f"{name}: {value}" for name, value in ticket.collected.items()))
    if ticket.transcript_excerpt:
        parts.append(f"From the conversation:\n{ticket.transcript_excerpt}")
    return "\n\n".join(part for part in parts if part) or ticket.reason


def _part(response: httpx.Response, name: str, kind: type[Any] = dict) -> Any:
    told = body(response, NAME)
    part = told.get(name) if isinstance(told, dict) else None
    if not isinstance(part, kind):
        raise NeighbourUnavailable(f"{NAME} answered without {name}")
    return part


def _id(ticket: Any) -> RemoteId:
    number = ticket.get("id") if isinstance(ticket, dict) else None
    if not isinstance(number, int):
        raise NeighbourUnavailable(f"{NAME} answered with a ticket that has no id")
    return RemoteId(str(number))

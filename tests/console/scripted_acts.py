"""What agents do with a conversation, in the scripted console server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.console import sample

Json = dict[str, Any]


def now() -> str:
    """This moment as the API writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


class Acts:
    """``POST /conversations/<id>/<act>``: the conversation's id, its room and the body in, the answer out."""

    accounts: dict[str, Json]
    me: str
    say: Callable[..., Json]
    change: Callable[..., Json]
    tell: Callable[[str, Json], None]
    _take: Callable[[str], Json]

    def _attachment(self, ident: str) -> Json:
        return {"id": ident, "name": "label.pdf", "type": "application/pdf", "size": 48_213}

    def _do_take(self, ident: str, _: Json, __: Json) -> Json:
        return self._take(ident)

    def _do_reply(self, ident: str, room: Json, body: Json) -> Json:
        known = [one for one in room["items"] if one["client_id"] == body["client_id"]]
        files = [self._attachment(aid) for aid in body.get("attachments", [])]
        name = self.accounts[self.me]["name"]
        fields: Json = {"speaker": "agent", "name": name, "client_id": body["client_id"], "attachments": files}
        if original := body.get("original"):
            fields["translations"] = {original["language"]: original["text"]}
        item = known[0] if known else self.say(ident, body["text"], **fields)
        return {"conversation": room["c"] if known else self._take(ident), "item": item}

    def _do_notes(self, ident: str, _: Json, body: Json) -> Json:
        name = self.accounts[self.me]["name"]
        fields: Json = {"speaker": "agent", "name": name, "note": True, "private": True, "client_id": body["client_id"]}
        return self.say(ident, body["text"], **fields)

    def _do_return(self, ident: str, _: Json, __: Json) -> Json:
        self.say(ident, "", speaker="system", event="back_to_bot")
        return self.change(ident, state="bot", status="pending", agent=None, waiting_seconds=None)

    def _do_resolve(self, ident: str, _: Json, __: Json) -> Json:
        return self.change(ident, status="resolved", waiting_seconds=None)

    def _do_reopen(self, ident: str, _: Json, __: Json) -> Json:
        return self._take(ident)

    def _do_snooze(self, ident: str, _: Json, body: Json) -> Json:
        return self.change(ident, status="snoozed", snoozed_until=body["until"])

    def _do_unsnooze(self, ident: str, _: Json, __: Json) -> Json:
        return self.change(ident, status="open", snoozed_until=None)

    def _do_transfer(self, ident: str, _: Json, body: Json) -> Json:
        if "team" in body:
            return self.change(ident, state="queued", agent=None, team=body["team"])
        other = self.accounts[body["agent_id"]]
        return self.change(ident, state="agent", agent={"id": other["id"], "name": other["name"]})

    def _do_priority(self, ident: str, _: Json, body: Json) -> Json:
        return self.change(ident, priority=body["priority"])

    def _do_tags(self, ident: str, room: Json, body: Json) -> Json:
        kept = [tag for tag in room["c"]["tags"] if tag not in body["remove"]]
        return self.change(ident, tags=[*kept, *body["add"]])

    def _do_read(self, _: str, room: Json, __: Json) -> Json:
        room["c"] |= {"unread": 0, "updated_at": now()}
        self.tell("conversation", room["c"])
        summary: Json = room["c"]
        return summary

    def _do_merge(self, ident: str, _: Json, __: Json) -> Json:
        return self.change(ident, status="resolved", state="closed")

    def _do_ticket(self, _: str, __: Json, ___: Json) -> Json:
        return {"number": "T-3001"}

    def _do_macro(self, ident: str, room: Json, _: Json) -> Json:
        return self.change(ident, tags=[*room["c"]["tags"], "lost"])

    def _do_translate(self, _: str, room: Json, body: Json) -> Json:
        said = [one["text"] for one in room["items"] if one["id"] == body.get("item_id")]
        return {"text": sample.TRANSLATED[said[0] if said else body["text"]]}

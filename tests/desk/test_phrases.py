"""Words that staff keep and words that they are asked for: canned replies, macros, questions, merging."""

from collections.abc import Mapping
from typing import Any

import pytest
from conftest import SECRET, Talk
from inbox_office import PEOPLE, Console, Office, office

from desk.accounts.model import Role, Staff
from desk.errors import Invalid
from desk.inbox.canned import render
from desk.inbox.macros import check
from desk.inbox.phrases import Action

__all__ = ["office"]


@pytest.fixture
def lena(office: Office, monkeypatch: pytest.MonkeyPatch) -> Console:
    """A lead who also writes knowledge."""
    roles = frozenset({Role.LEAD, Role.EDITOR})
    monkeypatch.setitem(PEOPLE, "lena", Staff("lena", "Lena", "lena@shop.example", roles, "s-lena"))
    return Console(office.gateway.http, "lena")


def canned(**more: Any) -> dict[str, Any]:
    return {"shortcut": "hello", "title": "Hello", "text": "Hello {{customer.name}}, I'm {{ agent.name }}.", **more}


def test_a_value_is_never_looked_at_for_variables() -> None:
    values = {"customer.name": "{{agent.name}}", "agent.name": "Niamh"}
    assert render("{{customer.name}} {{agent.name}}", values) == ("{{agent.name}} Niamh", [])
    assert render("{{order.number}} {{secret.key}}", {}) == (
        "[order number?] [secret key?]",
        ["order.number", "secret.key"],
    )


async def test_a_canned_reply_is_filled_in_for_its_conversation(office: Office) -> None:
    talk = await office.waiting()
    made = await office.niamh.call("POST", "/canned", 201, json=canned(text="{{customer.name}}: {{order.number}}"))
    found = await office.niamh.get(f"/canned/{made['id']}/rendered", conversation=talk.id)
    assert found == {"text": "Mary Kelly: 10046"}


async def test_ones_own_replies_are_nobody_elses(office: Office) -> None:
    made = await office.niamh.call("POST", "/canned", 201, json=canned())
    assert made["mine"] is True
    assert (await office.omar.get("/canned"))["items"] == []
    await office.omar.call("PATCH", f"/canned/{made['id']}", 404, json={"title": "Mine now"})
    await office.omar.call("DELETE", f"/canned/{made['id']}", 404)
    await office.omar.call("POST", "/canned", 201, json=canned())
    await office.niamh.call("POST", "/canned", 409, json=canned())
    await office.niamh.call("PATCH", f"/canned/{made['id']}", json={"title": "Good day"})
    assert [one["title"] for one in (await office.niamh.get("/canned"))["items"]] == ["Good day"]
    await office.niamh.call("DELETE", f"/canned/{made['id']}", 204)
    assert (await office.niamh.get("/canned"))["items"] == []


async def test_replies_for_all_are_written_by_leads(office: Office, lena: Console) -> None:
    await office.niamh.call("POST", "/canned", 403, json=canned(mine=False))
    made = await lena.call("POST", "/canned", 201, json=canned(mine=False))
    assert [one["mine"] for one in (await office.omar.get("/canned"))["items"]] == [False]
    await office.omar.call("PATCH", f"/canned/{made['id']}", 403, json={"text": "Go away"})
    await office.omar.call("DELETE", f"/canned/{made['id']}", 403)


async def test_a_macro_does_all_its_steps_once(office: Office, lena: Console) -> None:
    steps = [
        {"kind": "reply", "value": "Your order {{order.number}} is on its way."},
        {"kind": "note", "value": "told about {{order.number}}"},
        {"kind": "tag", "value": "delivery"},
        {"kind": "priority", "value": "high"},
        {"kind": "snooze", "value": "24"},
    ]
    body = {"title": "On its way", "actions": steps}
    await office.niamh.call("POST", "/macros", 401, json=body)
    macro = await lena.call("POST", "/macros", 201, json=body)
    talk = await office.waiting()
    for _ in range(2):
        done = await office.niamh.act(talk, "macro", macro_id=macro["id"], client_id="m1")
    assert (done["status"], done["tags"], done["priority"]) == ("snoozed", ["delivery"], "high")
    assert done["agent"]["name"] == "Niamh"
    assert (await talk.heard()).count("Your order 10046 is on its way.") == 1
    assert not [text for text in await talk.heard() if "told about" in text]
    assert (await office.niamh.texts(talk)).count("told about 10046") == 1
    await lena.call(
        "PATCH", f"/macros/{macro['id']}", json={**body, "actions": [{"kind": "resolve", "value": "solved"}]}
    )
    assert (await office.niamh.act(talk, "macro", macro_id=macro["id"]))["state"] == "closed"
    await lena.call("DELETE", f"/macros/{macro['id']}", 204)
    await office.niamh.act(talk, "macro", 404, macro_id=macro["id"])


async def test_a_macro_without_a_value_for_its_words_does_nothing(office: Office, lena: Console) -> None:
    steps = [{"kind": "tag", "value": "seen"}, {"kind": "reply", "value": "Dear {{customer.nickname}}"}]
    macro = await lena.call("POST", "/macros", 201, json={"title": "Dear", "actions": steps})
    talk = await office.waiting()
    await office.niamh.act(talk, "macro", 409, macro_id=macro["id"])
    found = await office.niamh.get(f"/conversations/{talk.id}")
    assert (found["conversation"]["tags"], found["conversation"]["state"]) == ([], "queued")


async def test_a_macro_of_somebody_who_looked_too_early_is_refused(office: Office, lena: Console) -> None:
    macro = await lena.call("POST", "/macros", 201, json={"title": "Hi", "actions": [{"kind": "reply", "value": "Hi"}]})
    talk = await office.waiting()
    await office.omar.act(talk, "reply", client_id="r1", text="It's me already.")
    refused = await office.niamh.act(talk, "macro", 409, macro_id=macro["id"], version=2)
    assert refused["error"]["by"] == "Omar"
    assert "Hi" not in await talk.heard()


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [("priority", "very")],
        [("resolve", "gone")],
        [("snooze", "soon")],
        [("snooze", "nan")],
        [("resolve", "solved"), ("reply", "Bye")],
        [("team", "returns"), ("note", "theirs")],
    ],
)
def test_steps_that_cannot_be_done_are_refused(steps: list[tuple[Any, str]]) -> None:
    with pytest.raises(Invalid):
        check([Action(*step) for step in steps])


async def asked(office: Office, talk: Talk, **more: Any) -> dict[str, Any]:
    body = {"conversation_id": talk.id, "question": "Is the kettle dishwasher safe?", "client_id": "m1", **more}
    answer = await office.gateway.internal("questions", **body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_colleagues_answer_goes_to_the_customer_through_the_bot(office: Office) -> None:
    talk = await office.gateway.begin()
    await talk.say("is it dishwasher safe?")
    await talk.answered()
    question = await asked(office, talk)
    assert (await asked(office, talk))["id"] == question["id"]
    assert [one["answer"] for one in (await office.niamh.get("/questions"))["items"]] == [None]
    path = f"/questions/{question['id']}/answer"
    for _ in range(2):
        answered = await office.niamh.call("POST", path, json={"text": "No, the base must stay dry."})
    assert answered["answered_by"] == "Niamh"
    refused = await office.omar.call("POST", path, 409, json={"text": "Yes."})
    assert refused["error"]["by"] == "Niamh"
    found = await talk.answered(2)
    told = [one["text"] for one in found if one["speaker"] == "bot" and "Niamh says" in one["text"]]
    assert told == ["I asked a colleague. Niamh says: No, the base must stay dry."]
    await talk.say("thanks")
    await talk.answered(3)
    assert [one["speaker"] for one in office.gateway.dialogue.human_parts[0]] == ["answer"]


async def test_with_a_person_there_the_answer_is_theirs_to_tell(office: Office) -> None:
    talk = await office.waiting()
    question = await asked(office, talk)
    await office.omar.act(talk, "take")
    before = await talk.heard()
    await office.niamh.call("POST", f"/questions/{question['id']}/answer", json={"text": "No."})
    assert await talk.heard() == before
    assert "Is the kettle dishwasher safe?\n\nNo." in await office.omar.texts(talk)


async def test_approving_needs_the_right_and_somebody_who_keeps_it(office: Office, lena: Console) -> None:
    talk = await office.gateway.begin()
    question = await asked(office, talk)
    path, body = f"/questions/{question['id']}/answer", {"text": "No.", "approve": True}
    await office.niamh.call("POST", path, 403, json=body)
    await lena.call("POST", path, 409, json=body)
    assert await talk.heard() == []

    class Kept:
        kept: list[tuple[str, str, str]]

        async def close(self) -> None:
            pass

        async def approve(self, question: str, answer: str, *, by: str, locale: Any, valid_until: Any) -> None:
            del locale, valid_until
            self.kept.append((question, answer, by))

    office.gateway.desk.questions._answering, Kept.kept = Kept(), []
    await lena.call("POST", path, json=body)
    assert Kept.kept == [("Is the kettle dishwasher safe?", "No.", "Lena")]
    assert len(await talk.heard()) == 1


async def test_a_stranger_asks_nothing(office: Office) -> None:
    talk = await office.gateway.begin()
    body: Mapping[str, Any] = {"conversation_id": talk.id, "question": "?"}
    guessed = await office.gateway.http.post("/internal/questions", json=body, headers={"x-frontdesk-secret": "guess"})
    assert guessed.status_code == 401
    assert SECRET not in guessed.text
    await office.niamh.call("POST", "/questions", 201, json=body)
    unknown = {"conversation_id": "c_unknown", "question": "?"}
    await office.niamh.call("POST", "/questions", 404, json=unknown)


async def test_two_conversations_of_one_customer_become_one(office: Office) -> None:
    first, second = await office.waiting("my kettle leaks"), await office.waiting("are you there?")
    kept = await office.niamh.act(first, "merge", into=second.id)
    assert (kept["id"], kept["agent"]["name"]) == (second.id, "Niamh")
    assert (await first.state())["state"] == "closed"
    assert (await first.heard())[-2].startswith("We go on in your other conversation")
    notes = [text for text in await office.niamh.texts(second) if "Merged from" in text]
    assert "] Customer: " in notes[0]
    assert not any(wrong in notes[0] for wrong in ("] You: ", "Your conversation", first.id))
    assert len(notes) == 1
    assert "my kettle leaks" in notes[0]
    assert "my kettle leaks" not in str(await second.items())
    await office.niamh.act(first, "merge", 409, into=second.id)
    await office.niamh.act(second, "merge", 422, into=second.id)
    await office.niamh.act(second, "merge", 404, into="c_unknown")


async def test_without_a_model_nothing_is_translated(office: Office) -> None:
    talk = await office.waiting()
    refused = await office.niamh.act(talk, "translate", 409, text="Hello", to="de")
    assert refused["error"]["type"] == "not_possible"
    await office.niamh.act(talk, "translate", 422, text="Hello", to="German, please")

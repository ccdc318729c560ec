"""The customer API: who may do what, what is refused and how, files, identity, erasure."""

import asyncio
import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from conftest import IDENTITY_SECRET, Running, Talk, running
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import Connection, select

from contracts.senders import is_of_the_gateway
from desk.adapters.sql import inbox_rows, inbox_work
from desk.adapters.sql.knowledge_tables import knowledge_drafts
from desk.adapters.sql.merging import mark_of
from desk.adapters.sql.tables import metadata
from desk.attachments.service import safe_name, sniff
from desk.bootstrap import build_app
from desk.errors import WrongType
from desk.inbox.model import Note
from desk.settings import DeskSettings
from scripts.frontdesk.cli import curl_for

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
BODIES: dict[str, Any] = {
    "identify": {"identity": "x"},
    "messages": {"client_id": "0b9f8f0e-3f0c-4a71-9c39-0a3f5d2f4b11", "text": "hello"},
    "typing": {"on": True},
    "read": {"position": 1},
    "person": {},
    "contact": {"email": "anna@example.com"},
    "rating": {"score": 5},
    "end": {},
}


def conversation_routes(gateway: Running) -> list[tuple[str, str]]:
    """Every route below a conversation, from the description of the API."""
    paths = build_app(gateway.desk).openapi()["paths"]
    found = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    return [(method, path) for method, path in found if "{conversation_id}" in path]


async def test_no_route_opens_to_nobody_to_a_guess_or_to_another_conversations_token(gateway: Running) -> None:
    mine, other = await gateway.begin(), await gateway.begin()
    await mine.say("my secret")
    await mine.answered()
    sent = await mine.call("POST", "/attachments", files={"file": ("a.png", PNG, "image/png")})
    before = await mine.items()
    routes = conversation_routes(gateway)
    assert len(routes) >= 16
    for method, path in routes:
        url = path.replace("{conversation_id}", mine.id).replace("{attachment_id}", sent.json()["id"])
        body = BODIES.get(url.rpartition("/")[2]) if method == "POST" else None
        expected = [({}, 401), ({"authorization": "Bearer guess"}, 401), ({"authorization": other.token}, 401)]
        expected += [({"authorization": f"Bearer {other.token}"}, 404)]
        for headers, status in expected:
            answer = await gateway.http.request(method, url, headers=headers, json=body)
            assert answer.status_code == status, (method, url, answer.text)
            assert "my secret" not in answer.text
    assert await mine.items() == before


async def test_another_conversations_file_cannot_be_read_or_sent(gateway: Running) -> None:
    mine, other = await gateway.begin(), await gateway.begin()
    file = (await mine.call("POST", "/attachments", files={"file": ("a.png", PNG, "image/png")})).json()
    assert (await other.call("GET", f"/attachments/{file['id']}")).status_code == 404
    body = {"client_id": str(uuid4()), "attachments": [file["id"]]}
    assert (await other.call("POST", "/messages", json=body)).status_code == 422


async def test_the_token_is_kept_as_a_hash_only(gateway: Running) -> None:
    from sqlalchemy import text  # noqa: PLC0415 - only here the table itself is looked at

    talk = await gateway.begin()
    row = await gateway.desk.database.read(lambda c: c.execute(text("SELECT * FROM conversations")).one())
    assert talk.token not in str(row)


async def test_a_token_ends_with_its_conversations_retention(gateway: Running) -> None:
    talk = await gateway.begin()
    gateway.clock.forward(days=181)
    answer = await talk.call("GET")
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "token_invalid")


@pytest.mark.parametrize(
    "body",
    [{}, {"client_id": "x", "text": "a"}, {"text": "a"}, {"client_id": str(uuid4())},
     {"client_id": str(uuid4()), "text": "  \x00 "}, {"client_id": str(uuid4()), "text": "x" * 4001},
     {"client_id": str(uuid4()), "text": "a", "colour": 1}, {"client_id": str(uuid4()), "payload": "/restart now"},
     {"client_id": str(uuid4()), "attachments": ["a_nothing"]}, {"client_id": str(uuid4()), "attachments": ["a\x00"]},
     {"client_id": str(uuid4()), "payload": "a", "text": "x" * 4001}, {"client_id": str(uuid4()), "payload": "  "}],
)  # fmt: skip
async def test_a_wrong_message_is_refused_in_the_one_form(gateway: Running, body: dict[str, Any]) -> None:
    talk = await gateway.begin()
    answer = await talk.call("POST", "/messages", json=body)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["type"] == "invalid"
    assert error["request_id"] == answer.headers["x-request-id"]


async def test_an_id_that_no_data_base_takes_is_the_callers_mistake(gateway: Running) -> None:
    talk = await gateway.begin()
    body = {"email": "a\x00@example.com", "password": "guess", "code": None}
    file = await talk.call("GET", "/attachments/a%00")
    sign_in = await gateway.http.post("/console/api/session", json=body)
    assert file.status_code in {404, 422}
    assert sign_in.status_code in {401, 422}


async def test_characters_that_no_data_base_takes_are_left_out(gateway: Running) -> None:
    talk = await gateway.begin()
    words = r"he\u0000l\ud800lo \ud83d\ude00"
    raw = json.dumps({"client_id": str(uuid4()), "text": "WORDS"}).replace("WORDS", words)
    answer = await talk.call("POST", "/messages", content=raw, headers={"content-type": "application/json"})
    assert answer.json()["item"]["text"] == "hello 😀"


async def test_the_timeline_pages_both_ways_without_gaps(gateway: Running) -> None:
    talk = await gateway.begin()
    for n in range(6):
        await talk.say(f"m{n}")
        await talk.answered(n + 1)
    newest = (await talk.call("GET", "/timeline", params={"limit": 5})).json()
    older = (await talk.call("GET", "/timeline", params={"before": 8, "limit": 5})).json()
    after = (await talk.call("GET", "/timeline", params={"after": 7, "limit": 3})).json()
    positions = [[item["position"] for item in page["items"]] for page in (newest, older, after)]
    assert positions == [[8, 9, 10, 11, 12], [3, 4, 5, 6, 7], [8, 9, 10]]
    assert [page["more"] for page in (newest, older, after)] == [True, True, True]


async def test_an_answer_carries_sources_cards_and_buttons(gateway: Running) -> None:
    async def rich(*_: Any) -> list[dict[str, Any]]:
        citation = {"entry_id": "e1", "title": "Returns", "path": ["Returns", "How"], "url": None}
        card = {"title": "Kettle", "buttons": [{"title": "Buy", "payload": "/buy"}]}
        custom = {"kind": "answer", "rung": "entry", "citations": [citation], "cards": [card]}
        return [
            {
                "text": "So.\n\nSource: Returns > How\n\nTip: ask.",
                "custom": custom,
                "buttons": [{"title": "Yes", "payload": "/affirm"}],
            }
        ]

    gateway.dialogue.reply = rich
    talk = await gateway.begin()
    await talk.say("how")
    bot = (await talk.answered())[-1]
    assert bot["text"] == "So.\n\nTip: ask."  # the source is drawn from the citations, not read twice
    assert (bot["rung"], bot["citations"][0]["path"], bot["buttons"][0]["title"]) == (
        "entry",
        ["Returns", "How"],
        "Yes",
    )
    assert bot["cards"][0] == {
        "title": "Kettle",
        "subtitle": "",
        "image": None,
        "buttons": [{"title": "Buy", "payload": "/buy"}],
    }


async def test_too_many_messages_are_refused_with_the_time_to_wait(settings: Any, dialogue: Any, clock: Any) -> None:
    strict = settings.model_copy(update={"messages_per_conversation": "3/minute"})
    async with running(strict, dialogue, clock) as gateway:
        talk = await gateway.begin()
        for _ in range(3):
            await talk.say("hello")
        answer = await talk.call("POST", "/messages", json={"client_id": str(uuid4()), "text": "once more"})
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        await (await gateway.begin()).say("others are not in the way")


async def test_what_is_too_large_is_refused_before_it_is_read(gateway: Running) -> None:
    talk = await gateway.begin()
    body = {"client_id": str(uuid4()), "text": "x" * 70_000}
    assert (await talk.call("POST", "/messages", json=body)).status_code == 413


async def test_a_file_is_what_its_bytes_are_and_is_served_so_that_it_does_nothing(gateway: Running) -> None:
    talk = await gateway.begin()
    sent = await talk.call("POST", "/attachments", files={"file": ("../../evil.html", PNG, "text/html")})
    assert (sent.json()["type"], sent.json()["name"]) == ("image/png", "evil.png")
    got = await gateway.http.get(sent.json()["url"], headers={"authorization": f"Bearer {talk.token}"})
    assert got.content == PNG
    assert got.headers["content-type"] == "image/png"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", b"MZ\x90\x00\x03",
     b"PK\x03\x04zip", b"\x7fELF\x02", b"<?xml version='1.0'?><a/>", b"\x00\x01\x02", b"text with \x1b[31m escapes"],
)  # fmt: skip
async def test_what_could_run_is_not_taken(content: bytes) -> None:
    with pytest.raises(WrongType):
        sniff(content)


def test_names_lose_paths_controls_and_false_endings() -> None:
    assert safe_name("a\\b/..\\c\r\nd.php", "text/plain") == "cd.txt"
    assert safe_name("...", "application/pdf") == "file.pdf"


async def test_erasure_takes_everything_everywhere_and_gives_a_receipt(gateway: Running) -> None:
    talk, other = await gateway.begin(), await gateway.begin()
    for one in (talk, other):
        await one.say("hello")
        await one.answered()
    file = (await talk.call("POST", "/attachments", files={"file": ("a.png", PNG, "image/png")})).json()
    _, path = await gateway.desk.files.find(talk.id, file["id"])
    gateway.dialogue.failures = ["unreachable"]  # Rasa is away at first
    receipt = (await talk.call("DELETE")).json()
    assert receipt["receipt"].startswith("r_")
    assert (receipt["erased"]["messages"], receipt["erased"]["attachments"]) == (2, 1)
    assert (await talk.call("GET")).status_code == 401
    assert not path.exists()
    await other.until(lambda _: gateway.dialogue.erased == [talk.id])
    assert len(await other.items()) == 2


async def test_nothing_names_an_erased_conversation_once_its_dialogue_is_erased(gateway: Running) -> None:
    talk, other = await gateway.begin(), await gateway.begin()
    draft = {"id": "d", "body": {}, "version": 1, "question": "?", "updated_by": "u", "updated_at": gateway.clock()}
    kept = [
        Note(f"n{n}", 0, "u", "U", mark, "words", gateway.clock()) for n, mark in enumerate((mark_of(talk.id), "own"))
    ]

    def written(connection: Connection) -> None:
        connection.execute(knowledge_drafts.insert().values(draft | {"conversation_id": talk.id}))
        for note in kept:
            inbox_work.add_note(connection, other.id, note)
        inbox_work.change(connection, talk.id, merged_into=other.id)

    await gateway.desk.database.write(written)
    await talk.call("DELETE")
    await other.until(lambda _: gateway.dialogue.erased == [talk.id])
    gateway.clock.forward(minutes=6)
    gateway.desk.retention.wake()
    await other.until(lambda _: gateway.dialogue.erased == [talk.id] * 2)

    def naming(connection: Connection) -> list[str]:
        return [
            table.name for table in metadata.sorted_tables if talk.id in str(connection.execute(select(table)).all())
        ]

    async with asyncio.timeout(5):
        while named := await gateway.desk.database.read(naming):  # noqa: ASYNC110 - the worker writes after Rasa's answer
            await asyncio.sleep(0.02)
    assert named == []
    left = await gateway.desk.database.read(lambda connection: inbox_rows.notes_of(connection, other.id))
    assert [one.client_id for one in left] == [kept[1].client_id]


async def test_old_conversations_are_erased_by_the_schedule(gateway: Running) -> None:
    old, ended = await gateway.begin(), await gateway.begin()
    await ended.call("POST", "/end", json={})
    gateway.clock.forward(days=100)
    young = await gateway.begin()
    assert await gateway.desk.retention.run_schedule() == 1
    assert [(await talk.call("GET")).status_code for talk in (old, ended, young)] == [200, 401, 200]


def token(secret: Any = IDENTITY_SECRET, *, algorithm: str = "HS256", kid: str | None = None, **claims: Any) -> str:
    now = datetime.now(UTC)
    own = {"sub": "CU-1", "aud": "frontdesk", "iat": now, "exp": now + timedelta(minutes=5), **claims}
    headers = {"kid": kid} if kid else None
    return jwt.encode({k: v for k, v in own.items() if v is not None}, secret, algorithm=algorithm, headers=headers)


async def test_the_host_sites_word_is_believed(gateway: Running) -> None:
    gateway.clock.to(datetime.now(UTC))
    talk = await gateway.begin(identity=token())
    assert talk.opening["identified"] is True


async def test_addresses_left_for_letters_are_counted_with_messages(
    settings: DeskSettings, dialogue: Any, clock: Any
) -> None:
    strict = settings.model_copy(update={"messages_per_conversation": "3/minute"})
    async with running(strict, dialogue, clock) as gateway:
        talk = await gateway.begin()
        sent = [await talk.call("POST", "/contact", json={"email": f"a{n}@example.com"}) for n in range(5)]
        assert [one.status_code for one in sent] == [204, 204, 204, 429, 429]


async def test_forged_old_and_foreign_tokens_are_refused(gateway: Running) -> None:
    gateway.clock.to(datetime.now(UTC))
    talk = await gateway.begin()
    past = datetime.now(UTC) - timedelta(hours=1)
    forged = [
        "x", "a.b.c", token("another-secret-that-is-long-enough-0123"), token(aud="another"), token(exp=past),
        token(iat=datetime.now(UTC) + timedelta(hours=1)), token(sub=None), token(conversation_id="c_another"),
        token("", algorithm="none"), token() + "x",
    ]  # fmt: skip
    for identity in forged:
        answer = await talk.call("POST", "/identify", json={"identity": identity})
        assert (answer.status_code, answer.json()["error"]["type"]) == (403, "identity_invalid"), identity
    assert (await talk.state())["identified"] is False


async def test_the_ids_of_conversations_are_those_that_rasas_rest_door_refuses(gateway: Running) -> None:
    assert is_of_the_gateway((await gateway.begin()).id)


async def test_a_conversation_stays_with_the_customer_who_signed_in(gateway: Running) -> None:
    gateway.clock.to(datetime.now(UTC))
    talk = await gateway.begin(identity=token(sub="CU-1"))
    again = await talk.call("POST", "/identify", json={"identity": token(sub="CU-1")})
    other = await talk.call("POST", "/identify", json={"identity": token(sub="CU-2")})
    assert again.status_code == 200
    assert (other.status_code, other.json()["error"]["type"]) == (409, "another_customer")
    found = await gateway.desk.gateway.look(talk.id)
    assert found.customer_id == "CU-1"


async def test_a_conversation_in_which_somebody_proved_an_order_is_no_other_customers(gateway: Running) -> None:
    gateway.clock.to(datetime.now(UTC))
    talk = await gateway.begin()
    gateway.accounts.proved[talk.id] = "CU-1"
    other = await talk.call("POST", "/identify", json={"identity": token(sub="CU-2")})
    assert (other.status_code, other.json()["error"]["type"]) == (409, "another_customer")
    assert (await talk.state())["identified"] is False
    own = await talk.call("POST", "/identify", json={"identity": token(sub="CU-1")})
    assert own.json()["identified"] is True


async def test_of_two_who_sign_in_at_once_one_has_the_conversation(gateway: Running) -> None:
    gateway.clock.to(datetime.now(UTC))
    talk = await gateway.begin()
    tries = [talk.call("POST", "/identify", json={"identity": token(sub=sub)}) for sub in ("CU-1", "CU-2")]
    assert sorted(one.status_code for one in await asyncio.gather(*tries)) == [200, 409]


async def test_keys_rotate_and_the_public_key_is_no_secret(
    settings: Any, dialogue: Any, clock: Any, tmp_path: Any
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "new"}
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [public]}), encoding="utf-8")
    older = "the-older-secret-that-is-long-enough-0123"
    from pydantic import SecretStr  # noqa: PLC0415 - only this test sets one

    both = SecretStr(f"{IDENTITY_SECRET}, {older}")
    rotated = settings.model_copy(update={"identity_secrets": both, "identity_jwks": jwks})
    clock.to(datetime.now(UTC))
    async with running(rotated, dialogue, clock) as gateway:
        for identity in (token(), token(older), token(key, algorithm="RS256", kid="new")):
            assert (await gateway.begin(identity=identity)).opening["identified"]
        unknown = token(key, algorithm="RS256", kid="gone")
        refused = await gateway.http.post("/v1/conversations", json={"identity": unknown})
        assert refused.status_code == 403


async def test_the_rest_door_answers_its_own_message_in_rasas_format(gateway: Running) -> None:
    body = {"sender": "anna", "message": "hello", "message_id": "m1"}
    for _ in range(2):
        answer = await gateway.http.post("/webhooks/rest/webhook", json=body)
        assert answer.json() == [{"recipient_id": "anna", "text": "You said: hello"}]
        body = {**body, "message_id": "m2"}
    assert gateway.dialogue.asked == ["hello", "hello"]


NO_PAYLOADS = (
    '/order_status{"order_number": {"a": 1}}',
    '/inform{"order_number": [1]}',
    '/inform{"order_number": null}',
    '/inform{"order_number": true}',
    '/inform{"order_number": NaN}',
    '/inform{"order_number": 1e999}',
    '/inform{"order_number": "\\ud800"}',
    '/inform{"order_number": "\\u0000"}',
    '/inform{"order_number"}',
    '/inform{"order_number": ' + "[" * 980 + "]" * 980 + "}",
)


@pytest.mark.parametrize("payload", NO_PAYLOADS)
async def test_a_click_says_an_intent_and_plain_values(gateway: Running, payload: str) -> None:
    talk = await gateway.begin()
    clicked = await talk.call("POST", "/messages", json={"client_id": str(uuid4()), "payload": payload})
    typed = await gateway.http.post("/webhooks/rest/webhook", json={"sender": "anna", "message": payload})
    for answer in (clicked, typed):
        assert (answer.status_code, answer.json()["error"]["type"]) == (422, "invalid"), payload[:60]
        assert "flat JSON object" in answer.json()["error"]["message"]
    assert gateway.dialogue.asked == []


async def test_texts_and_numbers_are_plain_values(gateway: Running) -> None:
    talk = await gateway.begin()
    clicked = await talk.click('/inform{"order_number": "10046", "n": 2.5}', "10046")
    await talk.answered()
    assert clicked["speaker"] == "customer"
    assert gateway.dialogue.batches[0].payload == '/inform{"order_number": "10046", "n": 2.5}'


async def test_words_behind_a_slash_are_words_at_the_rest_door(gateway: Running) -> None:
    await gateway.http.post("/webhooks/rest/webhook", json={"sender": "anna", "message": "/me waves"})
    assert gateway.dialogue.batches[0].payload is None


async def test_the_rest_door_takes_the_command_that_make_run_prints(gateway: Running) -> None:
    command = shlex.split(curl_for("http://desk", "ann", "where's my order?"))
    name, _, value = command[command.index("-H") + 1].partition(": ")
    sent = await gateway.http.post("/webhooks/rest/webhook", headers={name: value}, content=command[-1])
    assert sent.json() == [{"recipient_id": "ann", "text": "You said: where's my order?"}]


async def test_the_rest_door_is_closed_in_production_without_a_token(
    settings: DeskSettings, dialogue: Any, clock: Any
) -> None:
    strict = settings.model_copy(update={"environment": "production"})
    async with running(strict, dialogue, clock) as gateway:
        answer = await gateway.http.post("/webhooks/rest/webhook", json={"sender": "a", "message": "hi"})
        assert answer.status_code == 401
        assert (await gateway.http.post("/demo/sign-in", json={"customer_id": "x"})).status_code in (404, 405)


async def test_only_allowed_websites_may_read_answers(settings: DeskSettings, dialogue: Any, clock: Any) -> None:
    allowing = settings.model_copy(update={"allowed_origins": "https://shop.example"})
    async with running(allowing, dialogue, clock) as gateway:
        for origin, allowed in (("https://shop.example", "https://shop.example"), ("https://evil.example", None)):
            answer = await gateway.http.get("/v1/config", headers={"origin": origin})
            assert answer.headers.get("access-control-allow-origin") == allowed
            assert "access-control-allow-credentials" not in answer.headers


async def test_every_answer_carries_the_security_headers(gateway: Running) -> None:
    for path in ("/", "/v1/config", "/nothing", "/health"):
        headers = (await gateway.http.get(path)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


async def test_a_transcript_is_what_was_said(gateway: Running) -> None:
    talk = await gateway.begin()
    await talk.say("hello")
    await talk.answered()
    text = (await talk.call("GET", "/transcript")).text
    assert re.search(r"You: hello\n.*Alderwick assistant: You said: hello", text)
    told = (await talk.call("GET", "/transcript", params={"format": "json"})).json()
    assert len(told["items"]) == 2


async def test_dead_letters_are_listed_and_sent_again_once(gateway: Running) -> None:
    from desk.adapters.sql import dead_letters  # noqa: PLC0415 - what the command uses

    gateway.dialogue.failures = ["turn_failed"] * 3
    talk: Talk = await gateway.begin()
    item = await talk.say("hello")
    await talk.until(lambda found: len(found) == 2)
    assert [one.id for one in await gateway.desk.database.read(dead_letters.listed)] == [item["id"]]
    assert await gateway.desk.database.write(dead_letters.resend, [], gateway.clock()) == 1
    await talk.answered()
    assert await gateway.desk.database.read(dead_letters.listed) == []

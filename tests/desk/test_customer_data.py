"""What a customer may ask for by law, done by an admin over HTTP."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from conftest import Clock, Running, Talk, running
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DatabaseError
from staff_browser import PASSWORD, Browser, accounts_of

from desk.accounts.model import Role
from desk.adapters.sql import review_rows
from desk.adapters.sql.inbox_tables import notes
from desk.adapters.sql.staff_tables import audit_log
from desk.adapters.sql.tables import conversations, erasures
from desk.errors import StoreUnavailable
from desk.inbox.ports import NoCustomers
from desk.reviews.model import Knew, Turn
from desk.settings import DeskSettings

ANNA = "cus/anna 1"
EMAIL = "anna@example.com"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


class Shopkeeper(NoCustomers):
    """A back office that knows Anna by her address and her order, and what she proved."""

    def __init__(self) -> None:
        self.proved: list[str] = []
        self.customers: dict[str, str] = {}
        self.away = False

    async def proved_to_be(self, conversation_id: str) -> Collection[str]:
        if self.away:
            raise StoreUnavailable("the back office does not answer")
        return {self.customers[conversation_id]} if conversation_id in self.customers else set()

    async def traces(self, asked: str) -> tuple[str | None, Sequence[str]]:
        return (ANNA, self.proved) if asked in (ANNA, EMAIL, "10046") else (None, ())


@pytest.fixture
async def office(settings: DeskSettings, dialogue: Any, clock: Clock) -> AsyncIterator[tuple[Running, Browser]]:
    async with running(settings, dialogue, clock, customers=Shopkeeper()) as gateway:
        await accounts_of(gateway).create("admin@shop.example", "Admin", [Role.ADMIN], PASSWORD)
        admin = Browser(gateway.app)
        await admin.sign_in("admin@shop.example")
        yield gateway, admin


async def talked(gateway: Running, customer: str | None, said: str) -> Talk:
    """A conversation of a customer, with a file and a colleague's note."""
    talk = await gateway.begin()
    await talk.say(said)
    await talk.answered()
    await talk.call("POST", "/attachments", files={"file": ("kettle.png", PNG, "image/png")})
    note = {"id": f"n_{talk.id}", "conversation_id": talk.id, "after_position": 1, "author_id": "u", "client_id": "1"}
    note |= {"author_name": "Niamh", "text": f"note on: {said}", "at": gateway.clock()}

    def belongs(connection: Any) -> None:
        mine = update(conversations).where(conversations.c.id == talk.id)
        connection.execute(mine.values(customer_id=customer))
        connection.execute(insert(notes).values(note))

    await gateway.desk.database.write(belongs)
    return talk


async def found(admin: Browser, asked: str) -> list[tuple[str, str]]:
    """What the search shows: ids and why."""
    items = (await admin.call("GET", "/customer-data", params={"asked": asked})).json()["items"]
    return [(one["id"], one["how"]) for one in items]


async def everything(admin: Browser, asked: str) -> dict[str, Any]:
    return {"asked": asked, "conversations": [conversation for conversation, _ in await found(admin, asked)]}


async def test_a_customer_is_found_by_address_order_and_conversation(office: tuple[Running, Browser]) -> None:
    gateway, admin = office
    signed_in = await talked(gateway, ANNA, "my kettle")
    proved, left, mentions, other = [await talked(gateway, None, f"words {n}") for n in range(4)]
    shop = gateway.desk.customers
    assert isinstance(shop, Shopkeeper)
    shop.proved += [proved.id, "c_erased-long-ago"]
    await left.call("POST", "/contact", json={"email": EMAIL.title()})
    await mentions.say(f"write to {EMAIL.upper()} about 10046, please")
    sure = [(signed_in.id, "signed_in"), (proved.id, "proved")]
    assert await found(admin, EMAIL) == [*sure, (left.id, "left_address"), (mentions.id, "mentions")]
    assert await found(admin, "#10046") == [*sure, (mentions.id, "mentions")]
    assert await found(admin, other.id) == [(other.id, "asked_for")]
    assert await found(admin, "%@%") == []
    body = {"asked": EMAIL, "conversations": [left.id, other.id], "reason": "asked by letter"}
    told = (await admin.call("POST", "/customer-data/erase", json=body)).json()
    assert (told["conversations"], len(await other.items()) > 0) == (1, True), "only what belongs to the question"
    assert (left.id, "left_address") not in await found(admin, EMAIL)
    lines = (await admin.call("GET", "/audit", params={"limit": 50})).json()["items"]
    assert EMAIL not in str(lines), "the audit log is never rewritten"


async def test_a_transcript_that_only_rasa_brought_is_handed_out_and_erased(office: tuple[Running, Browser]) -> None:
    gateway, admin = office
    turn = Turn(0, 1, None, gateway.clock(), "from the shell", knew=Knew({"name": "greet", "confidence": 0.9}))
    await gateway.desk.database.write(review_rows.store, [review_rows.Fresh("shell-7", [turn], 1, 1.0)], turn.at)
    body = await everything(admin, "shell-7")
    held = (await admin.call("POST", "/customer-data/export", json=body)).json()["conversations"][0]
    assert (held["conversation"], held["review_turns"][0]["text"]) == (None, "from the shell")
    told = (await admin.call("POST", "/customer-data/erase", json=body | {"reason": "a trial"})).json()
    assert (told["conversations"], told["transcripts"]) == (1, 1)
    assert await found(admin, "shell-7") == []
    later = [replace(turn, at=turn.at - timedelta(seconds=1))]
    await gateway.desk.database.write(review_rows.store, [review_rows.Fresh("shell-7", later, 1, 1.0)], turn.at)
    assert await found(admin, "shell-7") == [], "what the tracker still holds does not come back"


async def test_the_export_holds_all_of_a_customer_and_nothing_of_others(office: tuple[Running, Browser]) -> None:
    gateway, admin = office
    mine = [await talked(gateway, ANNA, f"my kettle {number}") for number in range(2)]
    await talked(gateway, "cus-ben", "ben's secret")
    await talked(gateway, None, "a stranger's secret")
    answer = await admin.call("POST", "/customer-data/export", json=await everything(admin, ANNA))
    assert answer.headers["content-disposition"].startswith("attachment")
    held = answer.json()
    assert [one["id"] for one in held["conversations"]] == [talk.id for talk in mine]
    first = held["conversations"][0]
    assert first["items"][0]["text"] == "my kettle 0"
    assert first["notes"][0]["text"] == "note on: my kettle 0"
    assert first["attachments"][0]["content_base64"].startswith("iVBORw0KGgo")
    assert first["conversation"]["created_at"].endswith("Z")
    assert "secret" not in answer.text
    assert "token_hash" not in answer.text


async def merged(admin: Browser, source: Talk, target: Talk) -> httpx.Response:
    return await admin.call("POST", f"/conversations/{source.id}/merge", json={"into": target.id})


@pytest.mark.parametrize("signed_in", [None, ANNA], ids=["both proved it in the chat", "one came signed in"])
async def test_conversations_of_two_customers_are_not_merged(
    office: tuple[Running, Browser], signed_in: str | None
) -> None:
    gateway, admin = office
    shop = gateway.desk.customers
    assert isinstance(shop, Shopkeeper)
    annas, bens = await talked(gateway, signed_in, "anna's secret"), await talked(gateway, None, "ben's own")
    shop.customers = {bens.id: "cus-ben"} | ({} if signed_in else {annas.id: ANNA})
    for source, target in ((annas, bens), (bens, annas)):
        refused = await merged(admin, source, target)
        assert (refused.status_code, refused.json()["error"]["type"]) == (409, "not_possible")
    body = {"asked": bens.id, "conversations": [bens.id]}
    assert "anna's secret" not in (await admin.call("POST", "/customer-data/export", json=body)).text


async def test_nothing_is_merged_while_nobody_can_say_whose_it_is(office: tuple[Running, Browser]) -> None:
    gateway, admin = office
    first, second = await talked(gateway, None, "one"), await talked(gateway, None, "two")
    shop = gateway.desk.customers
    assert isinstance(shop, Shopkeeper)
    shop.away = True
    assert (await merged(admin, first, second)).status_code == 503
    assert (await first.state())["state"] == "bot"


async def test_what_was_merged_in_is_handed_out_only_with_the_conversation_it_came_from(
    office: tuple[Running, Browser],
) -> None:
    gateway, admin = office
    unknown, annas = await talked(gateway, None, "words of nobody known"), await talked(gateway, ANNA, "my kettle")
    assert (await merged(admin, unknown, annas)).status_code == 200
    alone = {"asked": ANNA, "conversations": [annas.id]}
    told = (await admin.call("POST", "/customer-data/export", json=alone)).json()["conversations"][0]
    assert "words of nobody known" not in str(told)
    assert [one["text"] for one in told["notes"]] == ["note on: my kettle"]
    shop = gateway.desk.customers
    assert isinstance(shop, Shopkeeper)
    shop.proved.append(unknown.id)
    both = {"asked": ANNA, "conversations": [annas.id, unknown.id]}
    notes = (await admin.call("POST", "/customer-data/export", json=both)).json()["conversations"][0]["notes"]
    assert sorted("words of nobody known" in one["text"] for one in notes) == [False, True]


async def test_an_erased_customer_is_gone_here_and_in_the_dialogue_and_a_receipt_says_so(
    office: tuple[Running, Browser],
) -> None:
    gateway, admin = office
    mine = [await talked(gateway, ANNA, f"my kettle {number}") for number in range(2)]
    other = await talked(gateway, "cus-ben", "ben's own")
    body = await everything(admin, ANNA) | {"reason": "asked by letter"}
    told = (await admin.call("POST", "/customer-data/erase", json=body)).json()
    assert (told["conversations"], told["attachments"]) == (2, 2)
    assert told["messages"] >= 4
    assert "kept" in told["tickets"]
    for talk in mine:
        assert (await talk.call("GET", "/timeline")).status_code == 401
    assert (await other.items())[0]["text"] == "ben's own"
    left = [path for path in gateway.desk.settings.attachments_dir.rglob("*") if path.is_file()]
    assert len(left) == 1, "only Ben's file"
    del body["reason"]
    for path, more in (("export", {}), ("erase", {"reason": "asked again"})):
        assert (await admin.call("POST", f"/customer-data/{path}", json=body | more)).status_code == 404
    assert await found(admin, ANNA) == []
    receipts = await gateway.desk.database.read(
        lambda connection: connection.execute(select(erasures.c.receipt, erasures.c.counts)).all()
    )
    assert dict(map(tuple, receipts))[told["receipt"]]["conversations"] == 2
    assert ANNA not in str(receipts)


async def test_both_stand_in_the_audit_log_which_nobody_rewrites(office: tuple[Running, Browser]) -> None:
    gateway, admin = office
    await talked(gateway, ANNA, "my kettle")
    body = await everything(admin, ANNA)
    await admin.call("POST", "/customer-data/export", json=body)
    assert (await admin.call("POST", "/customer-data/erase", json=body | {"reason": "  "})).status_code == 422
    await admin.call("POST", "/customer-data/erase", json=body | {"reason": "asked by letter"})
    lines = (await admin.call("GET", "/audit", params={"subject": ANNA})).json()["items"]
    assert [line["action"] for line in lines] == [
        "customer.erased",
        "customer.erase",
        "customer.export",
        "customer.find",
    ]
    assert lines[1]["details"] == {"reason": "asked by letter"}
    assert "my kettle" not in str(lines)
    for change in (update(audit_log).values(action="nothing"), audit_log.delete()):
        with pytest.raises(DatabaseError, match="append-only"), gateway.desk.database.engine.begin() as connection:
            connection.execute(change)


@pytest.mark.parametrize("path", ["items?before=2147483647", "attachments/{file}"])
async def test_reading_a_conversation_in_pieces_stands_in_the_audit_log_once_an_hour(
    office: tuple[Running, Browser], path: str
) -> None:
    gateway, admin = office
    talk, other = await talked(gateway, None, "my kettle"), await talked(gateway, None, "another's")
    kept = await talk.call("POST", "/attachments", files={"file": ("kettle.png", PNG, "image/png")})
    read = f"/conversations/{talk.id}/{path.format(file=kept.json()['id'])}"

    async def lines() -> list[tuple[str, str]]:
        items = (await admin.call("GET", "/audit", params={"action": "conversation.open"})).json()["items"]
        return [(one["actor"]["name"], one["subject"]) for one in items]

    for _ in range(3):
        assert (await admin.call("GET", read)).status_code == 200
    assert await lines() == [("Admin", talk.id)]
    assert (await admin.call("GET", f"/conversations/{other.id}/items?before=9")).status_code == 200
    gateway.clock.forward(hours=1)
    assert (await admin.call("GET", read)).status_code == 200
    assert await lines() == [("Admin", one) for one in (talk.id, other.id, talk.id)]
    assert (await admin.call("GET", "/conversations/c_unknown/items?before=9")).status_code == 404
    assert len(await lines()) == 3, "nothing was read"

"""Finding transcripts, judging them, choosing the next one: as the console does it, over HTTP."""

from pathlib import Path

import pytest
import yaml
from conftest import WORKDAY, Clock
from review_desk import Reviewing, seconds, turn_rows

from conversation_runner.scenario_file import read

NOON = seconds(WORKDAY)


async def three(reviewing: Reviewing) -> None:
    """A certain and content one, an uncertain one, an angry one."""
    reviewing.store.write(turn_rows("sure", "where is my parcel", at=NOON, confidence=0.99, second=0.0, scope=0.99))
    reviewing.store.write(
        turn_rows("unsure", "money back or new one", at=NOON + 60, intent="return_item", confidence=0.45, second=0.4)
    )
    reviewing.store.write(
        turn_rows("angry", "you are all crooks", at=NOON + 120, sentiment=-0.9, rung=None, intent="complain")
        + turn_rows("angry", "asdf", at=NOON + 130, intent="nlu_fallback", confidence=0.9, scope=0.1, rung="none")
    )
    await reviewing.read()


async def test_filters_combine(reviewing: Reviewing, clock: Clock) -> None:
    clock.forward(minutes=40)
    await three(reviewing)
    assert await reviewing.ids() == ["angry", "unsure", "sure"]
    assert await reviewing.ids(intent="return_item") == ["unsure"]
    assert await reviewing.ids(intent="return_item", confidence_max=0.4) == []
    assert await reviewing.ids(intent="order_status", confidence_min=0.9) == ["sure"]
    assert await reviewing.ids(confidence_max=0.5) == ["unsure"]
    assert await reviewing.ids(confidence_min=0.4, confidence_max=0.5) == ["unsure"]
    assert await reviewing.ids(rung="entry", sentiment_max=0.5) == ["unsure", "sure"]
    assert await reviewing.ids(fallback="true") == ["angry"]
    assert await reviewing.ids(fallback="false", action="action_answer_question", turns_max=1) == ["unsure", "sure"]
    assert await reviewing.ids(turns_min=2) == ["angry"]
    assert await reviewing.ids(outcome="left") == ["angry"]
    assert await reviewing.ids(outcome="bot", model="model-1", channel="rest") == ["unsure", "sure"]
    assert await reviewing.ids(**{"from": "2026-11-25T12:01:30Z"}) == ["angry"]
    assert await reviewing.ids(to="2026-11-24") == []
    assert len(await reviewing.ids(to="2026-11-25")) == 3


async def test_free_text_finds_words_beginnings_phrases_and_ids(reviewing: Reviewing) -> None:
    await three(reviewing)
    assert await reviewing.ids(q="PARCEL") == ["sure"]
    assert await reviewing.ids(q="parc") == ["sure"]
    assert await reviewing.ids(q='"new one"') == ["unsure"]
    assert await reviewing.ids(q='"one new"') == []
    assert await reviewing.ids(q="angry") == ["angry"]
    assert await reviewing.ids(q="my where") == ["sure"]
    for hostile in ("' OR 1=1 --", "a* NEAR(", ":* & | !", '"', "%_", "NOT", "\\"):
        assert isinstance(await reviewing.ids(q=hostile), list)


async def test_pages_follow_each_other_without_gap_or_double(reviewing: Reviewing) -> None:
    for n in range(7):
        reviewing.store.write(turn_rows(f"s{n}", "hello", at=NOON + n // 2, confidence=0.5 + n / 100))
    await reviewing.read()
    for sort in ("newest", "worth"):
        seen: list[str] = []
        page = await reviewing.get(sort=sort, limit=3)
        assert page["total"] == 7
        while True:
            seen += [one["id"] for one in page["items"]]
            if page["next"] is None:
                break
            page = await reviewing.get(sort=sort, limit=3, cursor=page["next"])
        assert sorted(seen) == [f"s{n}" for n in range(7)]
    for cursor in ("x", "W10", "WyJ4IiwgMV0"):
        assert (await reviewing.call("GET", "", params={"cursor": cursor})).status_code == 422


async def test_the_next_one_is_where_review_pays_most(reviewing: Reviewing) -> None:
    await three(reviewing)
    first = await reviewing.get("/next")
    assert (first["id"], first["why_next"]) == ("angry", "unhappy")
    assert (await reviewing.get("/next", after="angry"))["id"] == "unsure"
    assert (await reviewing.get("/next", after="sure"))["id"] == "angry"
    for one in ("angry", "unsure", "sure"):
        await reviewing.put(f"/{one}", state="reviewed" if one != "unsure" else "later")
    assert (await reviewing.call("GET", "/next")).status_code == 204
    assert await reviewing.ids(state="later") == ["unsure"]


async def test_the_same_wording_again_pays_half(reviewing: Reviewing) -> None:
    same = {"confidence": 0.45, "second": 0.4, "scope": 0.9}
    reviewing.store.write(turn_rows("one", "Money back!", at=NOON, **same))
    reviewing.store.write(turn_rows("two", "money back", at=NOON + 1, **same))
    reviewing.store.write(turn_rows("three", "or something else", at=NOON + 2, confidence=0.6, second=0.3))
    await reviewing.read()
    assert await reviewing.ids(sort="worth") == ["two", "one", "three"]
    await reviewing.put("/two", state="reviewed")
    assert (await reviewing.get("/next"))["id"] == "three"
    reviewing.store.write(turn_rows("four", "MONEY BACK", at=NOON + 3, **same))
    await reviewing.read()
    assert (await reviewing.get("/next"))["id"] == "three"


async def test_a_correction_shows_and_can_be_taken_back(reviewing: Reviewing) -> None:
    await three(reviewing)
    span = {"entity": "order_number", "value": "x", "start": 0, "end": 5}
    turn = await reviewing.put("/unsure/turns/0", intent="refund_status", entities=[span])
    assert turn["corrected"]["intent"] == "refund_status"
    assert (turn["corrected"]["by"], turn["corrected"]["entities"]) == ("Dev", [span])
    listed = (await reviewing.get("/corrections", exported="false"))["items"]
    assert [(one["text"], one["was"], one["intent"]) for one in listed] == [
        ("money back or new one", "return_item", "refund_status")
    ]
    assert (await reviewing.get("/confusion"))[0] == {
        "said": "return_item",
        "corrected": "refund_status",
        "count": 1,
        "conversations": ["unsure"],
    }
    assert (await reviewing.put("/unsure/turns/0", intent=None))["corrected"]["entities"] == [span]
    assert (await reviewing.put("/unsure/turns/0", entities=None))["corrected"] is None
    assert (await reviewing.get("/corrections"))["items"] == []


async def test_judgements_outlive_the_next_message(reviewing: Reviewing) -> None:
    await three(reviewing)
    await reviewing.put("/sure/turns/0", mark=True, answer_rating=-1, should_have_been="returns-window")
    reviewing.store.write(turn_rows("sure", "thanks", at=NOON + 300, intent="thank"))
    await reviewing.read()
    turn = (await reviewing.get("/sure"))["turns"][0]
    assert (turn["answer_rating"], turn["should_have_been"]) == (-1, "returns-window")
    assert [one["by"] for one in turn["marks"]] == ["Dev"]
    assert (await reviewing.put("/sure/turns/0", mark=False))["marks"] == []


async def test_comments_tags_and_flags(reviewing: Reviewing) -> None:
    await three(reviewing)
    said = await reviewing.call("POST", "/sure/comments", json={"index": 0, "text": "<script>alert(1)</script>"})
    assert said.status_code == 201
    await reviewing.call("POST", "/sure/comments", json={"text": "of all"})
    row = await reviewing.put("/sure", tags=["gap", "voucher"], flagged=True)
    assert (row["tags"], row["flagged"]) == (["gap", "voucher"], True)
    assert await reviewing.ids(tag="gap", flagged="true") == ["sure"]
    detail = await reviewing.get("/sure")
    assert [one["text"] for one in detail["comments"]] == ["of all"]
    assert [one["text"] for one in detail["turns"][0]["comments"]] == ["<script>alert(1)</script>"]
    await reviewing.put("/sure", tags=[])
    assert await reviewing.ids(tag="gap") == []
    assert (await reviewing.get("/facets"))["tags"] == []


async def test_facets_name_what_there_is(reviewing: Reviewing) -> None:
    await three(reviewing)
    facets = await reviewing.get("/facets")
    assert facets["intents"] == ["complain", "nlu_fallback", "order_status", "return_item"]
    assert (facets["channels"], facets["models"], facets["rungs"]) == (["rest"], ["model-1"], ["entry", "none"])
    assert set(facets) >= {"actions", "entities", "slots", "tags", "handoff_reasons"}


async def test_saved_filters_are_ones_own_or_shared(reviewing: Reviewing) -> None:
    body = {"name": "Unsure", "query": {"confidence_max": 0.5, "from": "2026-11-01T00:00:00Z"}, "shared": False}
    saved = (await reviewing.call("POST", "/filters", json=body)).json()
    assert saved["query"] == {"confidence_max": 0.5, "from": "2026-11-01T00:00:00Z"}
    await reviewing.call("POST", "/filters", json=body | {"name": "All", "shared": True})
    reviewing.staff = "Lea:lead"
    assert [one["name"] for one in await reviewing.get("/filters")] == ["All"]
    assert (await reviewing.call("DELETE", f"/filters/{saved['id']}")).status_code == 404
    reviewing.staff = "Dev:developer"
    assert (await reviewing.call("DELETE", f"/filters/{saved['id']}")).status_code == 204
    refused = await reviewing.call("POST", "/filters", json=body | {"query": {"drop": "table"}})
    assert refused.status_code == 422


@pytest.mark.parametrize("role", ["agent", "editor", "lead", "developer", "admin"])
async def test_each_role_may_what_its_permissions_say(reviewing: Reviewing, role: str) -> None:
    await three(reviewing)
    reads, teaches = role != "agent", role in {"lead", "developer", "admin"}
    reviewing.staff = f"Sam:{role}"
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/facets", None),
        ("GET", "/sure", None),
        ("GET", "/sure/scenario", None),
        ("GET", "/confusion", None),
        ("PUT", "/sure/turns/0", {"mark": True}),
        ("PUT", "/sure", {"flagged": True}),
    ):
        answer = await reviewing.call(method, path, json=body)
        assert (answer.status_code == 200) == reads, (method, path)
    for method, path, body in (
        ("PUT", "/sure/turns/0", {"intent": "refund_status"}),
        ("PUT", "/sure/turns/0", {"intent": None}),
        ("POST", "/corrections/export", {"dry_run": True}),
    ):
        answer = await reviewing.call(method, path, json=body)
        assert (answer.status_code == 200) == teaches, (method, path)
    reviewing.staff = ""
    assert (await reviewing.call("GET", "")).status_code == 401


async def test_what_was_seen_and_done_is_recorded(reviewing: Reviewing) -> None:
    await three(reviewing)
    await reviewing.get("/sure")
    await reviewing.put("/sure/turns/0", intent="refund_status")
    assert reviewing.audit.lines == [("dev", "review.read", "sure"), ("dev", "review.correct", "sure")]


async def test_unknown_names_and_places_are_refused(reviewing: Reviewing) -> None:
    await three(reviewing)
    for path, body, status in (
        ("/nobody", {"flagged": True}, 404),
        ("/sure/turns/7", {"mark": True}, 404),
        ("/sure/turns/7", {}, 404),
        ("/sure/turns/-1", {"mark": True}, 422),
        ("/sure/turns/0", {"intent": "make_coffee"}, 422),
        ("/sure/turns/0", {"entities": [{"entity": "shoe", "value": "x", "start": 0, "end": 1}]}, 422),
        ("/sure/turns/0", {"answer_rating": 5}, 422),
        ("/sure", {"state": "burnt"}, 422),
        ("/sure", {"tags": [" "]}, 422),
    ):
        assert (await reviewing.call("PUT", path, json=body)).status_code == status, (path, body)


async def test_a_conversation_becomes_a_scenario_that_the_runner_reads(reviewing: Reviewing, tmp_path: Path) -> None:
    reviewing.store.write_golden()
    await reviewing.read()
    for conversation_id in await reviewing.ids():
        await reviewing.put(f"/{conversation_id}/turns/0", intent="refund_status", should_have_been="returns-window")
        text = (await reviewing.get(f"/{conversation_id}/scenario"))["yaml"]
        file = tmp_path / f"{conversation_id}.yml"
        file.write_text(text, encoding="utf-8")
        scenario = read(conversation_id, file).scenario
        assert scenario.steps[0].expect.intent == ("refund_status",)
        assert scenario.steps[0].expect.citation == ("returns-window",)
    talk = (await reviewing.ids(q="wait bitcoin"))[0]
    text = (await reviewing.get(f"/{talk}/scenario"))["yaml"]
    assert "aoife" not in text
    steps = yaml.safe_load(text)["steps"]
    assert steps[1] == {
        "customer": "wait, do you take bitcoin",
        "expect": {"intent": "ask_payment_methods", "citation": "payment-not-accepted"},
    }


async def test_a_colleague_teaches_the_bot_and_corrects_it_on_the_spot(reviewing: Reviewing) -> None:
    async def reply(conversation_id: str, batch: object) -> list[dict[str, str]]:
        said = turn_rows(conversation_id, batch.text, at=NOON, message_id=batch.id)  # type: ignore[attr-defined]
        reviewing.store.write(said)
        return [{"text": "An answer."}]

    reviewing.dialogue.reply = reply
    told = (await reviewing.call("POST", "/teach", json={"text": "where is it"})).json()
    assert told["session_id"].startswith("teach-")
    assert told["turn"]["knew"]["intent"]["name"] == "order_status"
    again = {"session_id": told["session_id"], "text": "/request_human"}
    second = (await reviewing.call("POST", "/teach", json=again)).json()
    assert (second["turn"]["index"], second["session_id"]) == (1, told["session_id"])
    turn = await reviewing.put(f"/{told['session_id']}/turns/0", intent="refund_status")
    assert turn["corrected"]["intent"] == "refund_status"
    assert (await reviewing.get())["total"] == 0
    assert await reviewing.get("/confusion") == []
    assert len((await reviewing.get("/corrections"))["items"]) == 1
    reviewing.dialogue.failures = ["unreachable"]
    assert (await reviewing.call("POST", "/teach", json={"text": "hello?"})).status_code == 409
    strange = {"session_id": "c_somebody", "text": "hello"}
    assert (await reviewing.call("POST", "/teach", json=strange)).status_code == 422

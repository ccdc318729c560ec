"""The HTTP API over the engine without weights: what is promised, and what is said when it cannot be kept."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any, get_type_hints

import httpx
import pytest
from pydantic import SecretStr

from contracts.nlu import ClassifyResult, Entity, IntentScore, Language, Scope, Segment
from intent_service import schemas
from intent_service.bootstrap import build_app
from intent_service.settings import IntentServiceSettings


async def classify(client: httpx.AsyncClient, body: Any) -> httpx.Response:
    return await client.post("/classify", json=body)


def error_of(response: httpx.Response) -> str:
    error = response.json()["error"]
    assert set(error) == {"type", "message", "request_id"}
    assert error["message"]
    return str(error["type"])


@pytest.mark.parametrize(
    ("typed", "documented"),
    [
        (ClassifyResult, schemas.ClassifyResultOut),
        (IntentScore, schemas.IntentScoreOut),
        (Entity, schemas.EntityOut),
        (Scope, schemas.ScopeOut),
        (Segment, schemas.SegmentOut),
        (Language, schemas.LanguageOut),
    ],
)
def test_the_documented_result_has_the_contracts_fields(typed: type, documented: Any) -> None:
    assert set(get_type_hints(typed)) == set(documented.model_fields)


async def test_one_text_gets_one_whole_result(client: httpx.AsyncClient) -> None:
    response = await classify(client, {"text": "where is my order 10046?"})
    answer = schemas.ClassifyAnswer.model_validate(response.json())
    assert response.status_code == 200
    assert (answer.model, len(answer.results)) == ("dummy", 1)
    result = answer.results[0]
    assert result.intent.name == "order_status"
    assert result.scope.in_scope
    assert [(one.entity, one.value) for one in result.entities] == [("order_number", "10046")]
    assert [(one.start, one.end) for one in result.segments] == [(0, 24)]
    assert answer.timings_ms["total"] > 0


async def test_many_texts_get_their_results_in_order(client: httpx.AsyncClient) -> None:
    texts = ["hello", "when are you open", "zzz", "I want to speak to a human"]
    results = (await classify(client, {"texts": texts})).json()["results"]
    assert [one["intent"]["name"] for one in results] == [
        "greet", "ask_opening_hours", "nlu_fallback", "request_human",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["   ", "🎉🎉", "\n\t", "?!…", "\u200b", "🤷‍♀️ 👍"])
async def test_a_text_without_words_is_out_of_scope(client: httpx.AsyncClient, text: str) -> None:
    response = await classify(client, {"text": text})
    assert response.status_code == 200
    result = response.json()["results"][0]
    assert result["intent"]["name"] == "nlu_fallback"
    assert result["scope"]["in_scope"] is False
    assert result["language"]["code"] == "und"


@pytest.mark.parametrize("body", [{"text": ""}, {"texts": []}, {"texts": ["a", ""]}])
async def test_nothing_to_judge_is_empty(client: httpx.AsyncClient, body: Any) -> None:
    response = await classify(client, body)
    assert (response.status_code, error_of(response)) == (400, "empty")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": 5}, {"text": None}, {"texts": "a"}, {"texts": [1]}, {"text": "a", "texts": ["b"]},
        {"text": "a", "lang": "en"}, [], "text", 7, None, {"text": ["a"]}, {"text": True},
    ],
)  # fmt: skip
async def test_a_wrong_body_is_refused(client: httpx.AsyncClient, body: Any) -> None:
    response = await classify(client, body)
    assert (response.status_code, error_of(response)) == (422, "validation")


@pytest.mark.parametrize("content", [b"{bad", b"", b"\xff\xfe", b'{"text": "a"', b"\x00"])
async def test_broken_json_is_refused(client: httpx.AsyncClient, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = await client.post("/classify", content=content, headers=headers)
    assert (response.status_code, error_of(response)) == (422, "validation")


async def test_limits_are_named_in_the_refusal(client: httpx.AsyncClient) -> None:
    many = await classify(client, {"texts": ["a"] * 65})
    long = await classify(client, {"text": "a" * 4001})
    assert (many.status_code, long.status_code) == (422, 422)
    assert "64" in many.json()["error"]["message"]
    assert "4000" in long.json()["error"]["message"]
    assert (await classify(client, {"texts": ["é" * 4000] * 64})).status_code == 200


async def test_a_huge_body_is_refused_unread(client: httpx.AsyncClient) -> None:
    response = await classify(client, {"text": "a" * 4_000_000})
    assert (response.status_code, error_of(response)) == (422, "validation")
    assert "bytes" in response.json()["error"]["message"]


async def test_a_body_of_unknown_length_has_the_same_limit(client: httpx.AsyncClient) -> None:
    async def chunks(count: int) -> Any:
        yield b'{"text": "'
        for _ in range(count):
            yield b"hello " * 10_000
        yield b'"}'

    headers = {"content-type": "application/json"}
    too_long = await client.post("/classify", content=chunks(100), headers=headers)
    assert (too_long.status_code, error_of(too_long)) == (422, "validation")
    small = await client.post("/classify", content=chunks(0), headers=headers)
    assert (small.status_code, error_of(small)) == (400, "empty")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\x00\x07\x1b[31m", "a" * 4000, "\ud83d\ude00 ok", "'; --"]
)
async def test_odd_text_is_judged(client: httpx.AsyncClient, text: str) -> None:
    response = await classify(client, {"texts": [text.encode("utf-16", "surrogatepass").decode("utf-16")]})
    assert response.status_code == 200


async def test_half_an_emoji_does_not_stop_a_message(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    response = await client.post("/classify", content=b'{"text": "hello \\ud83d order"}', headers=headers)
    assert response.json()["results"][0]["intent"]["name"] == "greet"


async def test_embeddings_have_unit_length(client: httpx.AsyncClient) -> None:
    answer = (await client.post("/embed", json={"texts": ["hello", "where is my order"]})).json()
    assert (answer["model"], answer["dimensions"]) == ("all-minilm-l6-v2", 384)
    assert [round(sum(x * x for x in row), 4) for row in answer["embeddings"]] == [1.0, 1.0]
    assert {len(row) for row in answer["embeddings"]} == {384}


async def test_embed_keeps_the_same_limits(client: httpx.AsyncClient) -> None:
    assert (await client.post("/embed", json={"texts": []})).status_code == 400
    assert (await client.post("/embed", json={"texts": ["a"] * 65})).status_code == 422


async def test_unknown_addresses_and_methods_get_the_one_error_body(client: httpx.AsyncClient) -> None:
    lost = await client.get("/nowhere")
    wrong = await client.delete("/classify")
    assert (lost.status_code, error_of(lost)) == (404, "not_found")
    assert (wrong.status_code, error_of(wrong)) == (405, "method_not_allowed")


async def test_the_callers_request_id_is_kept_and_a_wild_one_replaced(client: httpx.AsyncClient) -> None:
    kept = await client.post("/classify", json={"text": ""}, headers={"X-Request-ID": "abc-1"})
    replaced = await client.post("/classify", json={"text": ""}, headers={"X-Request-ID": "a b\t<x>"})
    assert kept.json()["error"]["request_id"] == kept.headers["x-request-id"] == "abc-1"
    assert "<" not in replaced.headers["x-request-id"]


async def test_before_the_model_is_there_it_is_alive_but_not_ready(settings: IntentServiceSettings, load: Any) -> None:
    gate = threading.Event()

    def slow(version: str | None) -> Any:
        gate.wait(20)
        return load(version)

    app = build_app(settings, load=slow)
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        assert (await client.get("/health")).status_code == 200
        for response in (await client.get("/ready"), await classify(client, {"text": "hi"})):
            assert (response.status_code, error_of(response)) == (503, "not_ready")
        gate.set()


async def test_more_than_the_queue_holds_is_overloaded_with_a_time_to_retry(
    settings: IntentServiceSettings, load: Callable[[str | None], Any], run_app: Any
) -> None:
    gate, begun = threading.Event(), threading.Event()

    def blocking(version: str | None) -> Any:
        understanding = load(version)
        judge = understanding.classify

        def held(texts: Sequence[str]) -> Any:
            begun.set()
            gate.wait(20)
            return judge(texts)

        understanding.classify = held
        return understanding

    small = settings.model_copy(update={"queue_texts": 8, "max_texts": 8})
    async with run_app(build_app(small, load=blocking)) as client:
        running = asyncio.create_task(classify(client, {"text": "hello"}))
        await asyncio.to_thread(begun.wait, 20)
        waiting = asyncio.create_task(classify(client, {"texts": ["hello"] * 8}))
        await asyncio.sleep(0)
        refused = await classify(client, {"text": "hello"})
        assert error_of(refused) == "overloaded"
        assert int(refused.headers["retry-after"]) >= 1
        gate.set()
        assert [response.status_code for response in await asyncio.gather(running, waiting)] == [200, 200]


async def test_a_failing_engine_is_a_backend_error_without_its_words(
    settings: IntentServiceSettings, load: Callable[[str | None], Any], run_app: Any
) -> None:
    def failing(version: str | None) -> Any:
        understanding = load(version)

        def broken(_: Sequence[str]) -> Any:
            raise RuntimeError("secret path /srv/x")

        understanding._engine.infer = broken
        return understanding

    async with run_app(build_app(settings, load=failing)) as client:
        response = await classify(client, {"text": "hello"})
        assert (response.status_code, error_of(response)) == (500, "backend")
        assert "secret" not in response.text


@pytest.mark.parametrize("header", [None, "Bearer wrong", "let-me-in-not", ""])
async def test_activation_needs_the_token(client: httpx.AsyncClient, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = await client.post("/models/activate", json={"version": "x"}, headers=headers)
    assert (response.status_code, error_of(response)) == (401, "not_allowed")


async def test_activation_is_closed_without_a_configured_token(
    settings: IntentServiceSettings, load: Any, run_app: Any
) -> None:
    open_settings = settings.model_copy(update={"admin_token": SecretStr("")})
    async with run_app(build_app(open_settings, load=load)) as client:
        response = await client.post("/models/activate", json={"version": "x"}, headers={"Authorization": "Bearer "})
        assert response.status_code == 401


async def test_requests_during_an_exchange_of_models_are_all_answered(
    settings: IntentServiceSettings, load: Callable[[str | None], Any], run_app: Any
) -> None:
    async with run_app(build_app(settings, load=load)) as client:
        headers = {"Authorization": "Bearer let-me-in"}
        requests = [classify(client, {"text": "hello"}) for _ in range(40)]
        swap = client.post("/models/activate", json={"version": "next"}, headers=headers)
        done = await asyncio.gather(*requests[:20], swap, *requests[20:])
        assert {response.status_code for response in done} == {200}


async def test_metrics_count_requests_decisions_and_batches(client: httpx.AsyncClient) -> None:
    await classify(client, {"texts": ["hello", "zzz"]})
    await client.get("/some/unknown/path")
    text = (await client.get("/metrics")).text
    assert 'intent_service_requests_total{route="/classify",status="200"} 1.0' in text
    assert 'intent_service_decisions_total{intent="nlu_fallback"} 1.0' in text
    assert 'intent_service_batch_texts_count{work="classify"} 1.0' in text
    assert 'intent_service_model{version="dummy"} 1.0' in text
    assert "unknown/path" not in text


async def test_info_names_model_labels_and_limits(client: httpx.AsyncClient) -> None:
    info = (await client.get("/info")).json()
    assert info["model"] == "dummy"
    assert "order_status" in info["labels"]
    assert info["limits"] == {"texts": 64, "characters": 4000, "queue_texts": 256}


async def test_a_model_that_cannot_be_loaded_for_whatever_reason_ends_the_start(
    settings: IntentServiceSettings, run_app: Any
) -> None:
    """Else it would say for ever that the model is still being loaded."""
    reasons: list[str] = []

    def broken(_: str | None) -> Any:
        raise MemoryError

    async with run_app(build_app(settings, load=broken, on_unusable=reasons.append)):
        assert reasons == ["The model could not be loaded (MemoryError); the log says more."]

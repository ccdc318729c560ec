"""The tools over the demo company: what they tell, to whom, and what they never do."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from answering.llm.model import ToolCall
from answering.tools.bootstrap import build_toolbox
from answering.tools.model import Caller, Result
from answering.tools.toolbox import Toolbox
from backoffice.bootstrap import Backoffice, build_memory_backoffice
from backoffice.errors import BackofficeUnavailable
from tests.answering.conftest import ScriptedIndex, hit

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CALLER = Caller("c-1", "m-1")


@pytest.fixture
def backoffice() -> Iterator[Backoffice]:
    made = build_memory_backoffice(now=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def toolbox(index: ScriptedIndex, backoffice: Backoffice) -> Toolbox:
    return build_toolbox(index, backoffice, now=lambda: NOW)


@pytest.fixture
def verified(backoffice: Backoffice) -> None:
    backoffice.access.verify("c-1", order_number="10046", email="aoife.brennan@example.com", message_id="m-0")


async def use(toolbox: Toolbox, name: str, **arguments: Any) -> Result:
    return (await toolbox.call(ToolCall("1", name, json.dumps(arguments)), CALLER))[0]


def test_every_schema_is_closed_and_has_no_references(toolbox: Toolbox) -> None:
    assert len(toolbox.specs) == 12
    for spec in toolbox.specs:
        text = json.dumps(spec.parameters)
        assert "$ref" not in text
        assert "default" not in text
        assert spec.parameters["additionalProperties"] is False
        assert set(spec.parameters["required"]) == set(spec.parameters["properties"])


@pytest.mark.parametrize("name", ["look_up_order", "check_refund", "start_refund"])
async def test_without_proof_no_account_is_read_and_the_way_to_prove_it_is_offered(toolbox: Toolbox, name: str) -> None:
    arguments = {"order_number": "10046"} | ({} if name == "look_up_order" else {"reason": "faulty"})
    result = await use(toolbox, name, **arguments)
    assert result.citation is None
    assert "Tarn" not in result.text
    assert [(one.kind, one.order_number) for one in result.proposals] == [("show_order", "10046")]


@pytest.mark.usefixtures("verified")
async def test_an_own_order_is_told_without_its_address(toolbox: Toolbox) -> None:
    result = await use(toolbox, "look_up_order", order_number="#10046")
    assert "Tarn kettle" in result.text
    assert "https://track.alderwick.example/" in result.text
    assert "Galway" not in result.text


@pytest.mark.usefixtures("verified")
async def test_anothers_order_is_told_as_one_that_does_not_exist(toolbox: Toolbox) -> None:
    assert await use(toolbox, "look_up_order", order_number="10043") == await use(
        toolbox, "look_up_order", order_number="10099"
    )


@pytest.mark.usefixtures("verified")
async def test_a_refund_is_looked_at_or_proposed_never_made(toolbox: Toolbox, backoffice: Backoffice) -> None:
    before = backoffice.orders.orders_of("c-1")
    checked = await use(toolbox, "check_refund", order_number="10026", reason="changed_mind")
    assert "€184.05" in checked.text
    assert checked.proposals == ()
    started = await use(toolbox, "start_refund", order_number="10026", reason="changed_mind")
    assert [(one.kind, one.order_number) for one in started.proposals] == [("return_item", "10026")]
    assert backoffice.orders.orders_of("c-1") == before


async def test_delivery_products_and_stock_are_open_to_everybody(toolbox: Toolbox) -> None:
    assert "working days: 2 to 4" in (await use(toolbox, "shipping_to", country="Germany", postal_code=None)).text
    assert "delivered: no" in (await use(toolbox, "shipping_to", country="Spain", postal_code="35001")).text
    assert "no country" in (await use(toolbox, "shipping_to", country="Atlantis", postal_code=None)).text
    assert "price: €" in (await use(toolbox, "product_details", product="tarn kettle")).text
    assert "stock:" in (await use(toolbox, "check_stock", product="AW-101")).text
    assert "€" in (await use(toolbox, "suggest_products", category="kitchen", at_most_euro=200)).text
    assert (await use(toolbox, "product_details", product="zeppelin engine")).citation is None


async def test_a_search_finds_only_what_this_caller_may_be_told(toolbox: Toolbox, index: ScriptedIndex) -> None:
    index.hits = (hit("a", 0.4), hit("far", 0.01))
    results = await toolbox.call(ToolCall("1", "search_knowledge", '{"query": "lamps"}'), CALLER)
    assert [result.citation.entry_id for result in results if result.citation] == ["a"]
    assert index.asked[0][1].audience == frozenset({"public"})


async def test_a_neighbour_that_is_down_is_said_so_that_nothing_is_guessed(
    toolbox: Toolbox, index: ScriptedIndex, backoffice: Backoffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.broken = True
    assert "cannot be looked up" in (await use(toolbox, "search_knowledge", query="lamps")).text

    def down(*_: object) -> None:
        raise BackofficeUnavailable

    monkeypatch.setattr(backoffice.access, "verified_customer", down)
    assert "cannot be looked up" in (await use(toolbox, "look_up_order", order_number="10046")).text


async def test_a_tool_that_is_none_is_an_answer_too(toolbox: Toolbox) -> None:
    assert "no such tool" in (await use(toolbox, "delete_everything")).text

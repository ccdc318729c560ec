"""A refund that a model proposes goes the customer's own way: read back, agreed to, and proved by a code."""

from pathlib import Path

import pytest

from tests.llm_server.script import Says, wants
from tests.llm_server.server import LlmServer
from tests.outages.conftest import running

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.skipif(not Path("data/rules/return_item.yml").exists(), reason="the journey of a return is not built"),
]


def test_a_refund_proposed_by_the_model_still_asks_for_the_code(tmp_path: Path) -> None:
    provider = LlmServer()
    settings = {
        "ANSWERING_LLM": "openai", "ANSWERING_LLM_BASE_URL": provider.openai_url, "ANSWERING_LLM_MODEL": "scripted",
        "ANSWERING_LLM_LEDGER": str(tmp_path / "spending.db"), "BACKOFFICE_MAILBOX": str(tmp_path / "mailbox"),
    }  # fmt: skip
    try:
        with running(tmp_path, settings) as system:
            system.say("10046", sender="r")
            system.say("aoife.brennan@example.com", sender="r")
            call = wants("start_refund", '{"order_number": "10026", "reason": "changed_mind"}')
            provider.play(call, Says("OFFER"))
            (offer,) = system.messages("can I pay half with a gift card and half with paypal", sender="r")
            last = system.messages(offer["buttons"][0]["payload"], sender="r")[-1]
            for _ in range(
                8
            ):  # which articles, why, whether opened, and whether all that is right: the first button each time
                if "six-digit code" in last["text"]:
                    break
                buttons = last.get("buttons") or [{"payload": "yes"}]
                last = system.messages(buttons[0]["payload"], sender="r")[-1]
            assert "six-digit code" in last["text"]
            assert len(list((tmp_path / "mailbox").glob("*.eml"))) == 1
    finally:
        provider.stop()

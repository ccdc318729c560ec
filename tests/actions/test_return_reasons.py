"""Why something comes back, and that it cannot, before anybody is asked why."""

import pytest

from actions.bootstrap import Services
from tests.actions.journey_player import Player

TOMASZ, INGRID, AOIFE = "tomasz.zielinski@example.com", "ingrid.solberg@example.com", "aoife.brennan@example.com"


@pytest.fixture
def player(services: Services) -> Player:
    return Player(services)


@pytest.mark.parametrize(
    ("text", "told", "refused"),
    [
        (f"return 10028 {TOMASZ}", "utter_ask_fault_final_sale", "utter_return_refused_final_sale"),
        (f"return 10016 {INGRID}", "utter_ask_fault_too_late", "utter_return_refused_too_late"),
    ],
)
@pytest.mark.parametrize(
    "answer",
    [("that's ridiculous", "complain"), ("I insist", "nlu_fallback"), ("no", "deny"), ("changed my mind", "inform")],
)
async def test_what_cannot_come_back_is_said_before_the_reason_is_asked(
    player: Player, text: str, told: str, refused: str, answer: tuple[str, str]
) -> None:
    assert await player.says(text, "return_item") == [told]
    said = await player.says(*answer)
    assert refused in said
    assert "utter_ask_return_reason" not in said
    assert player.slots["pending_offer"] == "person"


async def test_a_fault_still_counts_where_a_change_of_mind_does_not(player: Player) -> None:
    await player.says(f"return 10028 {TOMASZ}", "return_item")
    assert await player.says("it stopped working", "product_support") == ["utter_read_back_return_item"]


async def test_a_fault_after_the_window_is_told_of_the_warranty(player: Player) -> None:
    await player.says(f"return the purifier of 10016 {INGRID}", "return_item")
    assert (await player.says("it stopped working", "product_support"))[0] == "utter_return_refused_warranty"


@pytest.mark.parametrize("text", ["didnt suit", "it didn't fit", "did not really suit me", "does not fit"])
async def test_what_does_not_suit_is_a_reason(player: Player, text: str) -> None:
    assert await player.says(f"return 10026 {AOIFE}", "return_item") == ["utter_ask_return_reason"]
    await player.says(text)
    assert player.slots["return_reason"] == "does_not_fit"

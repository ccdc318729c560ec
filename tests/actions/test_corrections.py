"""What was told is corrected before or after the read-back: never carried out as it was."""

import re

import pytest

from actions.bootstrap import Services
from backoffice.adapters.mail import MemoryPost
from tests.actions.journey_player import Player

AOIFE = "aoife.brennan@example.com"


@pytest.fixture
def player(services: Services) -> Player:
    return Player(services)


async def told(player: Player, address: str) -> None:
    await player.says(f"10041 change address {AOIFE}", "change_delivery_address")
    await player.says(address)
    assert player.said == ["utter_read_back_change_address"]


def read_back(player: Player) -> str:
    return next(str(m["new"]) for m in player.messages if m["response"] == "utter_read_back_change_address")


ABBEY, CASTLE, SHOP = "9 Abbey Road, Ennis, V95 X2Y1", "3 Castle Street, Cork", "9 Shop Street, Galway, H91 ABC1"


@pytest.mark.parametrize("intent", ["correct_detail", "deny", "order_status"])
@pytest.mark.parametrize(
    ("first", "text", "then"),
    [
        (ABBEY, "wait no, number 19", "19 Abbey Road, Ennis V95 X2Y1, Ireland"),
        (ABBEY, "sorry it should be 19", "19 Abbey Road, Ennis V95 X2Y1, Ireland"),
        (CASTLE, "no, not 3, its 30 Castle Street", "30 Castle Street, Cork, Ireland"),
        (SHOP, "no sorry i meant Shop Road not Shop Street", "9 Shop Road, Galway H91 ABC1, Ireland"),
        (SHOP, "actually wait the eircode is H91 ABC2", "9 Shop Street, Galway H91 ABC2, Ireland"),
        (SHOP, "no, Cork not Galway", "9 Shop Street, Cork H91 ABC1, Ireland"),
        (SHOP, "sorry, the town should be Cork", "9 Shop Street, Cork H91 ABC1, Ireland"),
        (SHOP, "no, 4 Mill Lane, Athlone, N37 AB12", "4 Mill Lane, Athlone N37 AB12, Ireland"),
    ],
)
async def test_a_part_of_an_address_is_corrected_at_its_read_back(
    player: Player, first: str, text: str, then: str, intent: str
) -> None:
    await told(player, first)
    assert await player.says(text, intent) == ["utter_read_back_change_address"]
    assert read_back(player) == then


async def test_a_post_code_corrected_at_the_code_is_read_back_anew(player: Player, post: MemoryPost) -> None:
    await told(player, SHOP)
    await player.says("yes", "affirm")
    assert await player.says("actually wait the eircode is H91 ABC2", "deny") == ["utter_read_back_change_address"]
    assert read_back(player) == "9 Shop Street, Galway H91 ABC2, Ireland"
    assert await player.clicks("Yes") == ["utter_ask_code_again"]
    code = re.search(r"\b\d{6}\b", post.sent[-1].text)
    assert code
    assert await player.says(code[0], "nlu_fallback") == ["utter_done_change_address"]


@pytest.mark.parametrize("text", ["no thats wrong", "sorry i meant the other one", "wait, the street is wrong"])
async def test_what_cannot_be_merged_is_asked_for_again(player: Player, text: str) -> None:
    await told(player, SHOP)
    assert (await player.says(text, "deny"))[-1] == "utter_ask_new_address"
    assert player.slots["new_address"] is None


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("change 10041 delivery: {0}, new address 5 Shop Street, Galway, H91 AB12",
         "5 Shop Street, Galway H91 AB12, Ireland"),
        ("send 10041 to another address: 3 Castle Street, Cork, {0}", "3 Castle Street, Cork, Ireland"),
        ("change the address of 10041 to 4 Harbour Lane, Galway, H91 T8X2. {0}",
         "4 Harbour Lane, Galway H91 T8X2, Ireland"),
        ("10041 {0} new address is 3 Castle Street, Galway H91 ABC1 Ireland",
         "3 Castle Street, Galway H91 ABC1, Ireland"),
    ],
)  # fmt: skip
async def test_an_address_in_the_first_message_is_not_asked_for(player: Player, text: str, new: str) -> None:
    await player.says(text.format(AOIFE), "change_delivery_address")
    assert player.said == ["utter_read_back_change_address"]
    assert read_back(player) == new


@pytest.mark.parametrize("text", ["no", "no leave it", "no thanks, not now"])
async def test_a_plain_no_leaves_the_address(player: Player, text: str) -> None:
    await told(player, SHOP)
    assert (await player.says(text, "deny"))[0] == "utter_stopped_change_delivery_address"


NIAMH = "niamh.osullivan@example.com"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("not the coffee, just the vacuum", [1]),
        ("no only the vacuum not the coffee", [1]),
        ("the vacuum but not the beans", [1]),
        ("everything except the beans", [1]),
        ("not the vacuum", [2]),
        ("I'm keeping the vacuum", [2]),
        ("not only the vacuum, the coffee too", [1, 2]),
        ("the vacuum, its not working", [1]),
        ("I do not want the vacuum any more", [1]),
    ],
)
async def test_an_article_said_to_stay_is_not_sent_back(player: Player, text: str, lines: list[int]) -> None:
    await player.says(f"return 10030 {NIAMH}", "return_item")
    await player.says(text)
    assert player.slots["articles"] == lines


@pytest.mark.parametrize("text", ["not the coffee, just the vacuum", "no only the vacuum not the coffee"])
async def test_saying_again_which_article_is_no_refusal(player: Player, text: str) -> None:
    await player.says(f"return 10030 {NIAMH}", "return_item")
    await player.says("the vacuum")
    await player.says("changed my mind")
    await player.says(text, "deny")
    assert player.slots["articles"] == [1]
    assert player.said[-1] == "utter_go_ahead", "the plan is the one that was just read back"


async def test_another_article_at_the_read_back_takes_the_place_of_the_first(player: Player) -> None:
    await player.says(f"return 10030 {NIAMH}", "return_item")
    await player.says("the beans")
    await player.says("changed my mind")
    await player.says("no", "deny")
    assert await player.says("not the coffee, just the vacuum", "deny") == ["utter_read_back_return_item"]
    assert player.slots["articles"] == [1]

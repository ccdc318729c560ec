"""The journeys about an order: what each needs, does and refuses."""

import re

import pytest

from actions.bootstrap import Services
from actions.journey.choosing import names, number_meant
from actions.postal_address import read_postal_address
from answering.model import Answer, Citation
from backoffice.adapters.mail import MemoryPost
from backoffice.model.order import ReturnState
from backoffice.model.order_view import LateStep, OrderView
from tests.actions.conftest import ScriptedLadder
from tests.actions.journey_player import Player

AOIFE = "aoife.brennan@example.com"
NIAMH = "niamh.osullivan@example.com"
EMILY = "emily.carter@example.org"
NOLAN = "s.nolan@example.net"
PRIYA = "priya.raman@example.org"
DECLAN = "declan.hayes@example.com"


@pytest.fixture
def player(services: Services) -> Player:
    return Player(services)


def order_of(services: Services, number: str, email: str) -> OrderView:
    assert services.backoffice.access.verify("checker", order_number=number, email=email, message_id=number).verified
    order = services.backoffice.orders.order_for("checker", number)
    assert order
    return order


async def with_code(player: Player, post: MemoryPost) -> list[str]:
    assert await player.clicks("Yes") == ["utter_code_sent"]
    found = re.search(r"\b\d{6}\b", post.sent[-1].text)
    assert found
    return await player.says(found[0], "nlu_fallback")


async def test_what_the_opening_words_say_is_not_asked_again(
    player: Player, services: Services, post: MemoryPost
) -> None:
    said = await player.says(f"return the headphones of 10026, they are too tight. {AOIFE}", "return_item")
    assert said == ["utter_read_back_return_item"]
    assert player.messages[0]["refund"] == "€184.05"
    assert await with_code(player, post) == ["utter_done_return_item"]
    assert order_of(services, "10026", AOIFE).returns[-1].state is ReturnState.ANNOUNCED


async def test_of_several_articles_only_the_chosen_one_comes_back(player: Player) -> None:
    assert await player.says(f"return 10030 {NIAMH}", "return_item") == ["utter_ask_articles"]
    assert await player.says("the beans", "nlu_fallback") == ["utter_ask_return_reason"]
    assert await player.says("changed my mind", "stop") == ["utter_ask_opened"], "a reason, not the wish to stop"
    assert await player.says("no", "deny") == ["utter_read_back_return_item"]
    assert "Dune" not in player.messages[0]["items"]


async def test_a_refusal_cites_the_policys_own_entry(player: Player, ladder: ScriptedLadder) -> None:
    ladder.entry = policy  # type: ignore[method-assign]
    await player.says(f"return the coffee from 10030, changed my mind {NIAMH}", "return_item")
    assert await player.says("yes, opened", "affirm") == ["utter_return_refused_opened", "utter_policy"]
    assert player.messages[1]["custom"]["citations"][0]["entry_id"] == "returns-coffee-opened"


async def policy(entry_id: str, **_: object) -> Answer:
    return Answer("entry", "As it is written.", (Citation(entry_id, entry_id),), relevance=1.0)


async def test_our_fault_costs_nothing_and_asks_for_pictures(player: Player, post: MemoryPost) -> None:
    await player.says(f"return 10027 {NOLAN}", "return_item")
    assert await player.says("it came broken", "report_damaged_item") == ["utter_read_back_return_item"]
    assert player.messages[0]["deducted"] == "€0.00"
    assert await with_code(player, post) == ["utter_done_return_our_fault"]
    assert player.messages[0]["reference"] in player.messages[0]["photos"]


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        (f"return 10046 {AOIFE}", "return_item", "utter_return_refused_not_delivered"),
        (f"send 10045 elsewhere {NIAMH}", "change_delivery_address", "utter_address_too_late"),
        ("the humidifier of 10016 is broken ingrid.solberg@example.com", "report_damaged_item", "utter_claim_too_late"),
    ],
)
async def test_what_is_in_vain_is_said_before_anything_else_is_asked(
    player: Player, text: str, intent: str, said: str
) -> None:
    assert (await player.says(text, intent))[0] == said
    assert player.form is None


async def test_a_claim_for_what_was_reported_already_is_told_with_its_number(
    player: Player, services: Services
) -> None:
    await player.says(f"the vacuum of 10030 is broken, I want my money back {NIAMH}", "report_damaged_item")
    await player.clicks("Yes")
    reference = player.messages[0]["reference"]
    said = await player.says("the vacuum of 10030 is the wrong one, a new one please", "report_wrong_item")
    assert said == ["utter_claim_already_with_pictures", "utter_offer_person"]
    assert reference in player.messages[0]["reference"]
    await player.says("everything of 10030 was damaged, money back", "report_damaged_item")
    assert player.said == ["utter_read_back_claim_damaged"]
    assert player.messages[0]["items"] == "Brio coffee beans 1 kg"
    assert len(order_of(services, "10030", NIAMH).claims) == 1


async def test_what_is_on_its_way_back_is_not_reported_as_damaged(player: Player) -> None:
    said = await player.says("the blender of 10025 is damaged katrin.vogel@example.net", "report_damaged_item")
    assert said == ["utter_claim_sent_back", "utter_offer_person"]


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("send it again then", "return_item"),
        ("new one please", "nlu_fallback"),
        ("send again", "inform"),
        ("the refund", "refund_status"),
    ],
)
async def test_the_offer_for_a_lost_parcel_is_taken_up_in_its_own_words(
    player: Player, words: str, intent: str
) -> None:
    await player.says("where is 10020 marta.esteves@example.org", "order_status")
    said = await player.says(words, intent)
    wish = "refund" if "refund" in words else "replacement"
    assert said == [f"utter_read_back_lost_parcel_{wish}"]


async def test_the_money_for_a_lost_parcel_is_not_asked_for_again(player: Player) -> None:
    words = f"10021 {PRIYA} parcel lost, i want my money back"
    assert await player.says(words, "refund_status") == ["utter_read_back_lost_parcel_refund"]


async def test_a_neighbour_who_has_nothing_starts_the_search(player: Player) -> None:
    await player.says("where is 10040 fionn@example.net", "order_status")
    assert await player.says("which neighbour", "ask_delivery") == ["utter_order_delivered_before"]
    assert (await player.says("he doesnt have it", "nlu_fallback"))[0] == "utter_missing_wait_a_day"


async def test_articles_that_were_not_in_the_parcel_are_reported_and_not_the_parcel(player: Player) -> None:
    words = f"half of my order never came, coffee beans were not in the parcel, 10030 {NIAMH}"
    assert await player.says(words, "order_not_received") == ["utter_ask_missing_parcel_form_wish"]
    assert await player.says("a new one please", "inform") == ["utter_read_back_claim_missing_item"]
    assert player.messages[0]["items"] == "Brio coffee beans 1 kg"
    assert await player.clicks("Yes") == ["utter_done_claim"]


async def test_which_articles_are_missing_is_asked_where_only_half_came(player: Player) -> None:
    words = f"half of my order 10030 never came {NIAMH}"
    assert await player.says(words, "order_not_received") == ["utter_ask_articles"]


async def test_what_follows_in_a_parcel_of_its_own_is_told_and_not_reported(player: Player) -> None:
    words = f"10035 {EMILY} only got the headphones where's the rest"
    assert await player.says(words, "report_missing_item") == ["utter_order_partly_shipped", "utter_offer_person"]
    assert "Heron" in player.messages[0]["open_items"]


async def test_an_invoice_goes_to_nobody_else(player: Player, post: MemoryPost) -> None:
    await player.says("invoice for 10025 katrin.vogel@example.net", "request_invoice")
    assert len(post.sent) == 1
    words = "can you send the invoice to my accountant instead: tax@books.ie"
    assert await player.says(words, "request_invoice") == ["utter_invoice_to_owner_only"]
    assert len(post.sent) == 1


async def test_an_order_goes_to_another_address(player: Player, services: Services, post: MemoryPost) -> None:
    text = f"change the address of 10041 to 4 Harbour Lane, Galway, H91 T8X2. {AOIFE}"
    await player.says(text, "change_delivery_address")
    if player.said != ["utter_read_back_change_address"]:
        await player.says("4 Harbour Lane, Galway, H91 T8X2", "inform")
    assert player.said == ["utter_read_back_change_address"]
    assert await with_code(player, post) == ["utter_done_change_address"]
    assert order_of(services, "10041", AOIFE).address.street == "4 Harbour Lane"


@pytest.mark.parametrize(
    ("text", "street", "city", "code", "country"),
    [
        ("12 Quay Street, Galway, H91 X2K4, Ireland", "12 Quay Street", "Galway", "H91 X2K4", "IE"),
        ("12 quay street galway", "12 Quay Street", "Galway", None, "IE"),
        ("Flat 3, 8 Mill Road, Cambridge CB1 2AB, UK", "Flat 3, 8 Mill Road", "Cambridge", "CB1 2AB", "GB"),
        ("Lindenstr. 5, 10115 Berlin, Germany", "Lindenstr. 5", "Berlin", "10115", "DE"),
        ("10 Rue des Lilas, 75019 Paris, France", "10 Rue des Lilas", "Paris", "75019", "FR"),
    ],
)
def test_addresses_are_read_as_customers_write_them(
    text: str, street: str, city: str, code: str | None, country: str
) -> None:
    assert read_postal_address(text, country="IE") == {
        "street": street, "city": city, "postal_code": code, "country": country,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["Harbour Lane, Galway", "10041, a@example.com", "8 Mill Road, Cambridge, UK", "7"])
def test_half_an_address_is_none(text: str) -> None:
    assert read_postal_address(text, country="IE") is None


async def test_a_claim_needs_no_code_and_is_made_once(player: Player) -> None:
    await player.says(f"the kettle of 10024 came cracked {EMILY}", "report_damaged_item")
    await player.says("a new one", "inform")
    assert player.said == ["utter_read_back_claim_damaged"]
    assert await player.clicks("Yes") == ["utter_done_claim"]
    assert await player.says("yes", "affirm") == ["utter_already_done"]


async def test_a_late_parcel_is_searched_for(player: Player, services: Services) -> None:
    await player.says(f"10031 never came {DECLAN}", "order_not_received")
    assert player.said == ["utter_read_back_parcel_search"]
    assert await player.clicks("Yes") == ["utter_done_parcel_search"]
    late = order_of(services, "10031", DECLAN).lateness
    assert late
    assert late.next is LateStep.INVESTIGATING


async def test_a_lost_parcel_is_settled_with_a_code(player: Player, services: Services, post: MemoryPost) -> None:
    await player.says(f"10021 never came {PRIYA}", "order_not_received")
    assert await player.says("my money please", "refund_status") == ["utter_read_back_lost_parcel_refund"]
    assert await with_code(player, post) == ["utter_done_lost_parcel_refund"]
    assert order_of(services, "10021", PRIYA).refunds


async def test_a_yes_behind_the_status_of_a_late_order_starts_what_it_offered(player: Player) -> None:
    await player.says(f"where is 10031 {DECLAN}", "order_status")
    assert await player.says("yes", "affirm") == ["utter_read_back_parcel_search"]


async def test_a_question_about_refunds_inside_a_journey_starts_no_journey(
    player: Player, ladder: ScriptedLadder
) -> None:
    await player.says(f"cancel 10041 {AOIFE}", "cancel_order")
    ladder.reply = Answer("entry", "Five working days.", (Citation("refunds-how-long", "How long?"),), relevance=0.9)
    await player.says("how long does a refund take?", "refund_status")
    assert player.slots["suspended"] is None
    assert player.slots["requested_slot"] == "agreed"


def test_the_number_after_a_slip_of_the_tongue_counts() -> None:
    assert number_meant("order 10045, no wait I meant 10046") == "10046"
    assert number_meant("not 10045 but 10046") == "10046"


@pytest.mark.parametrize("text", ["the headphones", "my headfones", "HEADPHONE"])
def test_articles_are_known_by_what_customers_call_them(text: str) -> None:
    assert names("Wren headphones", text)
    assert not names("Tarn kettle", text)

"""Transcripts: found, corrected, rated, worked through by keyboard alone, exported; the bot is taught."""

from __future__ import annotations

import importlib
import re

import pytest
from playwright.sync_api import expect

from tests.console import sample
from tests.console.console_page import ConsolePage
from tests.console.scripted_pages import ScriptedPages, asked_soon


@pytest.fixture
def server(server: ScriptedPages) -> ScriptedPages:
    server.accounts["aoife"] = sample.account("Aoife Byrne", "lead", "developer")
    return server


def _open(console: ConsolePage, number: int = 0) -> None:
    console.visit(f"/reviews/c/web%2F{number}")
    expect(console.page.get_by_role("heading", name="Message 1")).to_be_visible()


def _links(console: ConsolePage) -> list[str]:
    return console.page.locator("a[data-review]").all_inner_texts()


def test_filters_combine_stand_in_the_address_and_are_taken_away_one_by_one(
    console: ConsolePage, server: ScriptedPages
) -> None:
    console.visit("/reviews")
    expect(console.page.get_by_text("22 conversations")).to_be_visible()
    console.button("Filters").click()
    console.page.get_by_label("Outcome").select_option("person")
    expect(console.page).to_have_url(re.compile("outcome=person"))
    console.page.get_by_label("Mood").select_option("Unhappy or angry")
    expect(console.page.get_by_text("5 conversations")).to_be_visible()
    wanted = {"outcome": "person", "sentiment_max": "-0.2"}
    assert asked_soon(server.reviews.asked, wanted) == wanted
    console.page.reload()
    console.button("Take away Outcome: A person helped").click()

    expect(console.page.get_by_role("list", name="Filters that hold")).not_to_contain_text("Outcome")
    expect(console.page.get_by_text("10 conversations")).to_be_visible()


def test_the_list_is_searched_while_typing_sorted_and_goes_on(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/reviews")
    console.button("Show more").click()
    expect(console.page.locator("a[data-review]")).to_have_count(22)
    console.page.get_by_label("Order").select_option("worth")
    expect(console.page.get_by_text("The bot was unsure").first).to_be_visible()
    console.press("/")
    console.page.keyboard.type("gift card")
    expect(console.page.get_by_text("4 conversations")).to_be_visible()

    wanted = {"q": "gift card", "sort": "worth"}
    assert asked_soon(server.reviews.asked, wanted) == wanted


def test_a_filter_is_saved_for_all_and_used_again(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/reviews?confidence_max=0.6&flagged=false")
    console.button("Saved").click()
    console.page.get_by_role("menuitem", name="Save these filters…").click()
    console.dialog.get_by_label("Name").fill("Unsure")
    console.dialog.get_by_label("For everybody").check()
    console.dialog.get_by_role("button", name="Save").click()
    expect(console.dialog).to_have_count(0)
    assert server.reviews.filters[-1]["query"] == {"confidence_max": 0.6, "flagged": False}
    console.button("Clear all").click()
    console.button("Saved").click()
    console.page.get_by_role("menuitem", name="Unsure").click()

    expect(console.page).to_have_url(re.compile("confidence_max=0.6"))


def test_an_intent_is_corrected_by_search_without_the_mouse(console: ConsolePage, server: ScriptedPages) -> None:
    _open(console)
    console.press("c")
    field = console.dialog.get_by_role("combobox", name="Intent")
    expect(field).to_be_focused()
    expect(console.dialog.get_by_role("option").first).to_contain_text("ask_return_policy")
    expect(console.dialog.get_by_role("option", selected=True)).to_contain_text("46 %")
    console.page.keyboard.type("covers")
    expect(console.dialog.get_by_role("option")).to_have_count(1)
    console.press("Enter")
    expect(console.dialog).to_have_count(0)

    console.hears("Corrected: warranty_question.")
    expect(console.page.locator(".turn-item").first).to_contain_text("warranty_question")
    assert server.called("/turns/0") == [{"intent": "warranty_question"}]


def test_the_bot_s_own_second_thought_is_two_keys_away(console: ConsolePage, server: ScriptedPages) -> None:
    _open(console, 2)
    console.press("c", "ArrowDown", "Enter")
    expect(console.page.get_by_text("Meant: ask_return_policy")).to_be_visible()
    console.button("Take back").click()

    expect(console.page.get_by_text("Meant:")).to_have_count(0)
    assert server.called("/turns/0")[-1] == {"intent": None, "entities": None}


def test_entities_are_taken_away_and_added_by_their_words(console: ConsolePage, server: ScriptedPages) -> None:
    _open(console)
    console.press("j", "x")
    console.dialog.get_by_role("button", name="Take away order_number A-1042").click()
    console.dialog.get_by_label("Words of the message").fill("nowhere")
    expect(console.dialog).to_contain_text("These words are not in the message")
    console.dialog.get_by_label("Words of the message").fill("my ORDER")
    console.dialog.get_by_label("Entity").select_option("product")
    console.dialog.get_by_role("button", name="Add").click()
    console.dialog.get_by_role("button", name="Save").click()
    expect(console.dialog).to_have_count(0)

    assert server.called("/turns/1") == [
        {"entities": [{"entity": "product", "value": "My order", "start": 0, "end": 8}]}
    ]


def test_everything_that_can_be_said_about_a_message(console: ConsolePage, server: ScriptedPages) -> None:
    _open(console)
    console.press("m", "-")
    expect(console.page.locator(".turn-item").first).to_contain_text("Bad answer")
    console.press("b")
    console.page.keyboard.type("warranty")
    expect(console.dialog.get_by_role("option")).to_have_text(["What the warranty coversproducts"])
    console.press("Enter")
    expect(
        console.page.get_by_role("region", name="The chosen message").get_by_text("warranty", exact=True)
    ).to_be_visible()
    console.press("o")
    console.page.keyboard.type("We never say where to get a lid.")
    console.press("Control+Enter")
    expect(console.page.get_by_text("We never say where to get a lid.")).to_be_visible()
    console.press("t")
    console.page.keyboard.type("Kettle, spare parts")
    console.press("Enter")
    expect(console.page.locator(".review-head")).to_contain_text("spare-parts")
    console.press("f")
    expect(console.page.locator(".review-head")).to_contain_text("Flagged")
    console.press("-")
    expect(console.page.locator(".turn-item").first).not_to_contain_text("Bad answer")

    kept = server.reviews.kept["web/0"]
    assert kept["row"]["tags"] == ["kettle", "spare-parts"]
    assert kept["turns"][0]["marks"][0]["by"] == "Aoife Byrne"
    assert kept["turns"][0]["should_have_been"] == "warranty"
    assert kept["turns"][0]["answer_rating"] is None


def test_twenty_transcripts_by_keyboard_alone_and_the_export(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/reviews")
    expect(console.page.locator("a[data-review]")).to_have_count(15)
    console.press("n")
    for number in range(20):
        expect(console.page).to_have_url(re.compile(f"web%2F{number}$"))
        expect(console.page.get_by_role("heading", name="Message 1")).to_be_visible()
        if number % 5 == 0:
            console.press("c")
            console.page.keyboard.type("warranty")
            expect(console.dialog.get_by_role("option")).to_have_count(1)
            console.press("Enter")
            expect(console.dialog).to_have_count(0)
        console.press("j", "+")
        expect(console.page.locator(".turn-item").nth(1)).to_contain_text("Good answer")
        console.press("l" if number % 7 == 6 else "e")
    expect(console.page).to_have_url(re.compile("web%2F20$"))
    expect(console.page.get_by_role("heading", name="Message 1")).to_be_visible()
    console.press("u")
    expect(console.page.locator("a[data-review]")).to_have_count(15)

    assert server.reviews.states() == ["later" if n % 7 == 6 else "reviewed" for n in range(20)] + ["unread"] * 2
    console.page.get_by_role("link", name="Corrections").press("Enter")
    expect(console.page.locator("tbody tr")).to_have_count(4)
    console.button("Export…").press("Enter")
    expect(console.dialog).to_contain_text("1 example would be added")
    expect(console.dialog).to_contain_text("It is there already.")
    console.press("Enter")
    expect(console.dialog).to_contain_text("data/nlu/corrections.yml")
    assert server.called("/export") == [{"dry_run": True}, {"dry_run": False}]
    console.press("Escape")
    expect(console.page.get_by_text("Nothing waits to be exported")).to_be_visible()


def test_a_filtered_list_is_worked_through_in_its_own_order(console: ConsolePage) -> None:
    console.visit("/reviews?outcome=person")
    expect(console.page.locator("a[data-review]")).to_have_count(9)
    console.press("j", "j", "Enter")
    expect(console.page).to_have_url(re.compile("web%2F4$"))
    expect(console.page.get_by_role("heading", name="Message 1")).to_be_visible()
    console.press("e")
    expect(console.page).to_have_url(re.compile("web%2F6$"))
    expect(console.page.get_by_role("heading", name="Message 1")).to_be_visible()
    console.press("u")

    expect(console.page).to_have_url(re.compile(r"\?outcome=person$"))
    expect(console.page.locator("a[data-review='web/6']")).to_be_focused()


def test_a_conversation_becomes_a_scenario_to_take_away(console: ConsolePage) -> None:
    _open(console)
    console.press("s")
    expect(console.dialog).to_contain_text("customer_asks_about_a_missing_lid")
    with console.page.expect_download() as download:
        console.dialog.get_by_role("button", name="Download").click()

    assert download.value.suggested_filename == "web_0.yml"


def test_confusion_leads_to_its_conversations(console: ConsolePage) -> None:
    console.visit("/reviews/confusion")
    expect(console.page.locator("tbody tr").first).to_contain_text("warranty_question")
    console.page.get_by_role("link", name="Conversation 2: store_hours for warranty_question").click()

    expect(console.page).to_have_url(re.compile("web%2F7$"))


def test_the_bot_is_taught_in_a_talk(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/reviews/teach")
    console.page.get_by_label("Say to the bot").fill("my warranty")
    console.press("Enter")
    expect(console.page.locator(".turn-item")).to_contain_text("order_status")
    console.page.get_by_label("Say to the bot").fill("and another thing")
    console.press("Enter")
    expect(console.page.locator(".turn-item")).to_have_count(2)
    first, second = server.called("/teach")
    assert "session_id" not in first
    assert second["session_id"].startswith("teach-")
    console.page.get_by_role("button", name="Message 1").focus()
    console.press("Enter", "c")
    console.page.keyboard.type("warranty")
    console.press("Enter")

    expect(console.page.locator(".turn-item").first).to_contain_text("warranty_question")


def test_whoever_may_not_teach_reads_and_rates(console: ConsolePage, server: ScriptedPages) -> None:
    server.accounts["aoife"] = sample.account("Aoife Byrne", "lead")
    _open(console)
    expect(console.button("Correct intent c")).to_have_count(0)
    console.press("c")
    expect(console.dialog).to_have_count(0)
    console.press("+")

    expect(console.page.locator(".turn-item").first).to_contain_text("Good answer")


def test_a_refusal_is_told_and_nothing_is_lost(console: ConsolePage, server: ScriptedPages) -> None:
    _open(console)
    server.failures.append(("/turns/0", 422, {"type": "invalid", "message": "There is no intent of this name."}))
    console.press("c", "Enter")

    expect(console.page.get_by_text("There is no intent of this name.").first).to_be_visible()
    expect(console.dialog).to_be_visible()


def test_foreign_words_stay_words(console: ConsolePage, server: ScriptedPages) -> None:
    attack = '<img src=x onerror="window.hit=1"> [go](javascript:window.hit=1)'
    turn = server.reviews.kept["web/0"]["turns"][0]
    turn |= {"text": attack}
    turn["bot"][0] |= {"text": attack}
    turn["knew"]["intent"]["name"] = attack
    server.reviews.kept["web/0"]["row"] |= {"first_text": attack, "tags": [attack]}
    _open(console)
    expect(console.page.locator(".turn-words.bot").first).to_contain_text("<img")

    assert console.page.evaluate("window.hit") is None
    assert console.page.locator("main img").count() == 0


def test_the_learning_loop_of_make_can_be_run_at_all() -> None:
    importlib.import_module("tests.console.learning_loop")

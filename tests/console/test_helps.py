"""What helps an agent write: canned replies, macros, suggestions, files, translations."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.console.console_page import ConsolePage


def test_canned_replies_are_found_by_slash_and_filled_in(console: ConsolePage) -> None:
    console.open("priya")
    console.press("r")
    console.page.keyboard.type("Hi. /ref")
    offers = console.page.get_by_role("listbox", name="Canned replies and macros")
    expect(offers.get_by_role("option")).to_have_count(2)
    expect(offers.get_by_role("option", name="/refund Refund agreed")).to_have_attribute("aria-selected", "true")
    console.press("Enter")

    expect(console.field).to_have_value("Hi. I have refunded order A-1042. It takes three to five days.")
    expect(offers).to_have_count(0)
    console.page.keyboard.type(" /hello")
    console.press("ArrowDown", "ArrowUp", "Tab")
    expect(console.field).to_have_value(
        "Hi. I have refunded order A-1042. It takes three to five days. Hello Priya Nair, I am Aoife Byrne."
    )


def test_what_a_canned_reply_does_not_know_is_selected_to_be_filled_in(console: ConsolePage) -> None:
    console.server.words.canned[1]["text"] = "I have refunded order [order number?] today."
    console.open("priya")
    console.press("r")
    console.page.keyboard.type("/refund")
    console.press("Enter")
    expect(console.field).to_have_value("I have refunded order [order number?] today.")
    console.page.keyboard.type("A-7")

    expect(console.field).to_have_value("I have refunded order A-7 today.")


def test_a_slash_inside_a_word_offers_nothing(console: ConsolePage) -> None:
    console.open("priya")
    console.press("r")
    console.page.keyboard.type("and/or")

    expect(console.page.get_by_role("listbox")).to_have_count(0)


def test_a_macro_runs_from_the_same_list(console: ConsolePage) -> None:
    console.open("mary")
    console.press("r")
    console.page.keyboard.type("/lost")
    console.press("Enter")

    expect(console.page.get_by_text("Done: Lost parcel.").first).to_be_visible()
    expect(console.field).to_have_value("")
    (call,) = console.server.called("/mary/macro")
    assert call["macro_id"] == "m1"
    assert call["client_id"]


def test_a_suggestion_is_put_in_to_be_edited_not_sent(console: ConsolePage) -> None:
    console.open("mary")
    console.field.fill("Dear Mary, ")
    console.button("Suggest an answer").click()
    offers = console.page.get_by_role("region", name="Suggested answers")
    expect(offers).to_contain_text("From the knowledge · My parcel is late 86 %")
    offers.get_by_role("listitem").filter(has_text="My parcel is late").get_by_role("button", name="Use").click()

    expect(console.field).to_have_value(
        "Dear Mary, If a parcel is more than **seven days** late, we send it again or refund it, as you like."
    )
    expect(console.field).to_be_focused()
    assert console.server.called("/mary/reply") == []


def test_a_file_is_attached_and_sent(console: ConsolePage, tmp_path: Path) -> None:
    label = tmp_path / "label.pdf"
    label.write_bytes(b"%PDF-1.4 a label")
    console.open("priya")
    console.page.get_by_label("Files", exact=True).set_input_files(label)
    expect(console.page.get_by_role("list", name="Files of this reply")).to_contain_text("label.pdf")
    console.button("Send").click()

    expect(console.timeline.locator(".message.agent .file").last).to_contain_text("label.pdf")
    assert len(console.server.called_soon("/priya/reply", 1)[0]["attachments"]) == 1


def test_foreign_words_are_translated_where_somebody_asks(console: ConsolePage) -> None:
    console.open("jonas")
    console.timeline.get_by_role("button", name="Translate").first.click()
    expect(console.timeline).to_contain_text("Translated by a machine")
    assert console.server.called("/jonas/translate")[0].keys() == {"item_id", "to"}
    console.field.fill("It is back on Monday.")
    console.button("To German").click()
    expect(console.field).to_have_value("Am Montag ist sie wieder da.")
    console.button("Undo").click()
    expect(console.field).to_have_value("It is back on Monday.")


def test_a_translated_reply_carries_what_was_written(console: ConsolePage) -> None:
    console.open("jonas")
    console.field.fill("It is back on Monday.")
    console.button("To German").click()
    expect(console.conversation).to_contain_text("You wrote: It is back on Monday.")
    console.page.reload()
    expect(console.field).to_have_value("Am Montag ist sie wieder da.")
    console.field.press("Control+Enter")
    expect(console.timeline).to_contain_text("Translated by a machine from the English")
    expect(console.timeline.locator(".message.agent").last).to_contain_text("Am Montag ist sie wieder da.")
    (sent,) = console.server.called_soon("/jonas/reply", 1)
    assert sent["original"] == {"language": "en", "text": "It is back on Monday."}


def test_without_a_model_it_is_said_and_nothing_is_offered(console: ConsolePage) -> None:
    console.server.words.has_model, console.server.words.drafts = False, []
    console.open("jonas")
    said = "No language model is connected here, so nothing is translated."
    expect(console.timeline.get_by_text(said).first).to_be_visible()
    expect(console.button("To German")).to_have_count(0)
    console.button("Suggest an answer").click()
    expect(console.page.get_by_role("region", name="Suggested answers")).to_contain_text("the knowledge’s own words")


def test_what_is_for_staff_only_cannot_be_put_into_a_reply(console: ConsolePage) -> None:
    console.open("mary")
    console.button("Suggest an answer").click()
    offers = console.page.get_by_role("region", name="Suggested answers")
    internal = offers.get_by_role("listitem").filter(has_text="For staff only")
    expect(internal).to_contain_text("Goodwill limits 61 %")
    expect(internal.get_by_role("button")).to_have_count(0)
    expect(offers.get_by_role("button", name="Use")).to_have_count(2)

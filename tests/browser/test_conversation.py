"""What a customer can do in the chat, against the scripted gateway."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import AWAY

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_a_page_asks_nothing_of_the_server_before_the_chat_is_opened(chat: ChatPage) -> None:
    expect(chat.launcher).to_be_visible()
    assert chat.desk.requests == []

    chat.open()
    chat.sees("Hello! I'm Alderwick's virtual assistant. What can I do for you?")

    assert chat.desk.requests == ["GET /v1/config"]
    assert chat.desk.conversations == {}


def test_a_suggested_question_sends_its_payload_and_shows_its_title(chat: ChatPage) -> None:
    chat.desk.replies = lambda _: [{"text": "Which order is it?"}]
    chat.open()
    chat.button("Where is my order?").click()
    chat.sees("Which order is it?")

    (_, body), *_ = chat.desk.only.calls
    assert (body["payload"], body["title"]) == ("/order_status", "Where is my order?")
    assert chat.customer_texts() == ["Where is my order?"]
    expect(chat.button("Returns and refunds")).to_have_count(0)
    assert chat.desk.only.started_with["page"] == {"url": f"{chat.desk.url}/host", "title": "A shop"}


def test_choices_are_offered_until_the_customer_has_answered(chat: ChatPage) -> None:
    chat.open()
    chat.desk.replies = lambda body: [] if "payload" in body else [_choice_message()]
    chat.say("send it back")
    chat.button("Yes, send it back").click()

    expect(chat.button("No, keep it")).to_have_count(0)
    expect(chat.field).to_be_focused()
    assert chat.customer_texts() == ["send it back", "Yes, send it back"]


def _choice_message() -> dict[str, object]:
    buttons = [{"title": "Yes, send it back", "payload": "/affirm"}, {"title": "No, keep it", "payload": "/deny"}]
    return {"text": "Send the kettle back?", "buttons": buttons}


def test_sources_open_and_a_source_without_an_address_shows_where_it_stands(chat: ChatPage) -> None:
    chat.desk.pages["/help"] = "<!doctype html><title>Help</title>"
    cited = [
        {"entry_id": "a", "title": "Return period", "path": ["Returns", "Period"], "url": "/help"},
        {"entry_id": "b", "title": "Exceptions", "path": ["Returns", "Exceptions", "Food"], "url": None},
    ]
    chat.desk.replies = lambda _: [{"text": "Thirty days.", "citations": cited}]
    chat.open()
    chat.say("how long?")
    chat.panel.get_by_text("Exceptions", exact=True).click()
    chat.sees("Returns › Exceptions › Food")

    with chat.page.context.expect_page() as opened:
        chat.panel.get_by_role("link", name="Return period (opens in a new tab)").click()
    assert opened.value.url == f"{chat.desk.url}/help"


def test_cards_show_what_they_hold_and_can_be_chosen_from(chat: ChatPage) -> None:
    kettle = {
        "title": "Tarn kettle",
        "subtitle": "€79, in stock",
        "image": "/demo/mark.svg",
        "buttons": [{"title": "Tell me more", "payload": "/ask_product"}],
    }
    chat.desk.replies = lambda body: (
        [] if "payload" in body else [{"text": "This one?", "image": "/demo/mark.svg", "cards": [kettle]}]
    )
    chat.open()
    chat.say("a kettle")
    chat.sees("€79, in stock")
    expect(chat.panel.locator("img")).to_have_count(2)
    for picture in chat.panel.locator("img").all():
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("(image) => image.naturalWidth") > 0
    chat.button("Tell me more").click()

    expect(chat.panel.locator(".message.customer:not(.waiting)")).to_have_count(2)
    sent = [body for act, body in chat.desk.only.calls if act == "messages"]
    assert sent[-1]["payload"] == "/ask_product"


def test_what_the_bot_asks_for_can_be_given_in_a_fitting_field(chat: ChatPage) -> None:
    orders = [{"number": "10046", "title": "Tarn kettle", "subtitle": "on its way"}, {"number": "10026"}]
    kinds = iter(
        [
            {"kind": "orders", "orders": orders},
            {"kind": "date", "min": "2026-11-26", "max": "2026-12-24"},
            {"kind": "code", "digits": 6},
            {"kind": "email"},
            {"kind": "something new"},
        ]
    )
    chat.desk.replies = lambda _: [{"text": "And now?", "input": next(kinds, None)}]
    chat.open()
    chat.say("go")
    chat.button("Order 10046 Tarn kettle on its way").click()
    chat.panel.get_by_label("Date").fill("2026-12-01")
    chat.panel.locator(".field").get_by_role("button", name="Send").click()
    chat.panel.get_by_label("Code").fill("123456")
    chat.panel.get_by_label("Code").press("Enter")
    chat.panel.get_by_label("E-mail address").fill("ann@example.com")
    chat.panel.get_by_label("E-mail address").press("Enter")
    expect(chat.panel.locator(".message.customer:not(.waiting)")).to_have_count(5)

    assert chat.desk.texts(chat.desk.only) == ["go", "10046", "2026-12-01", "123456", "ann@example.com"]
    expect(chat.panel.locator(".field")).to_have_count(0)


def test_a_person_is_one_press_away_and_the_place_in_line_is_told(chat: ChatPage) -> None:
    chat.open()
    chat.button("Talk to a person").click()
    chat.sees("You're number 2 in line. About 4 minutes.")
    expect(chat.field).to_be_focused()

    chat.desk.change(chat.desk.only, queue={"position": 1, "wait_seconds": 50})
    chat.sees("You're number 1 in line. About 1 minute.")

    chat.button("Stop waiting").click()
    chat.sees("You're no longer waiting for a colleague.")
    expect(chat.button("Talk to a person")).to_be_visible()


def test_a_person_is_named_and_sees_what_is_read_and_written(chat: ChatPage) -> None:
    chat.open()
    chat.button("Talk to a person").click()
    chat.sees("A colleague has been asked to join.")
    desk, conversation = chat.desk, chat.desk.only
    desk.change(conversation, state="agent", agent={"name": "Maeve"}, queue=None)
    desk.say(conversation, speaker="system", event="agent_joined", name="Maeve")
    desk.say(conversation, speaker="agent", name="Maeve", text="Hello, I'm **Maeve**.")
    chat.sees("Maeve has joined the conversation.")
    expect(chat.panel.get_by_role("heading", name="Maeve")).to_be_visible()
    expect(chat.button("Talk to a person")).to_be_hidden()

    desk.replies = lambda _: []
    chat.field.press_sequentially("Hi")
    chat.field.press("Enter")
    desk.tell(conversation, "typing", {"speaker": "agent", "name": "Maeve", "on": True})
    expect(chat.panel.get_by_text("Maeve is writing")).to_be_attached()
    desk.tell(conversation, "read", {"speaker": "agent", "position": len(conversation.items)})
    expect(chat.panel.locator(".meta", has_text="Seen")).to_be_visible()

    typing = [body["on"] for act, body in conversation.calls if act == "POST typing"]
    assert typing == [True, False]
    reads = [body["position"] for act, body in conversation.calls if act == "POST read"]
    assert reads == sorted(reads)


def test_out_of_hours_an_address_can_be_left(chat: ChatPage) -> None:
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
    chat.desk.change(chat.desk.only, opening=AWAY)
    chat.button("Talk to a person").click()
    chat.sees("Our team is back on Monday at 9:00.")
    chat.panel.get_by_label("E-mail address").fill("ann@example.com")
    chat.panel.get_by_label("E-mail address").press("Enter")
    chat.sees("Thank you. We'll write to you.")
    expect(chat.panel.get_by_label("E-mail address")).to_have_count(0)

    assert ("POST contact", {"email": "ann@example.com"}) in chat.desk.only.calls
    assert chat.desk.texts(chat.desk.only) == ["hello"]


def test_the_end_asks_how_it_was_and_begins_anew(chat: ChatPage) -> None:
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
    chat.choose_in_menu("End the conversation")
    chat.sees("How was it?")
    expect(chat.field).to_be_hidden()

    chat.panel.get_by_role("radio", name="Good", exact=True).check()
    chat.panel.get_by_role("textbox").fill("Quick, thanks")
    chat.button("Send rating").click()
    chat.sees("Thank you for your feedback.")
    assert ("POST rating", {"score": 4, "comment": "Quick, thanks"}) in chat.desk.only.calls

    with chat.page.expect_download() as download:
        chat.button("Download this conversation").click()
    assert "customer: hello" in Path(download.value.path()).read_text(encoding="utf-8")

    chat.button("Start again").click()
    expect(chat.button("Where is my order?")).to_be_visible()
    expect(chat.field).to_be_focused()
    chat.say("once more")
    expect(chat.panel.locator(".message.customer:not(.waiting)")).to_have_count(1)
    assert len(chat.desk.conversations) == 2


def test_a_file_is_added_shown_and_too_large_ones_are_refused_in_words(chat: ChatPage) -> None:
    chat.open()
    pick = chat.panel.locator("input[type=file]")
    pick.set_input_files({"name": "long.pdf", "mimeType": "application/pdf", "buffer": b"x" * 300_000})
    chat.sees("long.pdf is larger than 200 kB, the most that can be sent here.")
    pick.set_input_files({"name": "a.exe", "mimeType": "application/x-msdownload", "buffer": b"x"})
    chat.sees("Files like a.exe can't be sent here.")
    pick.set_input_files({"name": "photo.png", "mimeType": "image/png", "buffer": PNG})
    chat.sees("photo.png")
    chat.say("it is broken")

    expect(chat.panel.get_by_role("img", name="photo.png")).to_be_visible()
    (item, _) = chat.desk.only.items
    assert [file["name"] for file in item["attachments"]] == ["photo.png"]


def test_a_message_that_is_too_long_is_not_sent_but_counted(chat: ChatPage) -> None:
    chat.open()
    chat.say("a" * 307)
    chat.sees("7 characters too many")

    assert chat.desk.conversations == {}


def test_the_customer_s_data_is_deleted_after_asking_again(chat: ChatPage) -> None:
    chat.open()
    chat.say("my secret")
    chat.sees("Noted.")
    chat.choose_in_menu("Delete my data")
    chat.sees("my secret")
    chat.button("Delete").click()
    chat.sees("Your data of this conversation has been deleted. Receipt: R-2048")

    chat.sees_not("my secret")
    assert chat.desk.conversations == {}
    assert not [key for key in chat.page.evaluate("Object.keys(localStorage)") if re.search(r"key|out:", key)]


def test_an_act_that_fails_is_told_and_can_be_tried_again(chat: ChatPage) -> None:
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
    chat.desk.failures.append(("/person", 500, {}))
    chat.button("Talk to a person").click()
    chat.sees("That didn't work. Please try again.")

    chat.button("Talk to a person").click()
    chat.sees("A colleague has been asked to join.")


def test_a_website_drives_the_chat_and_listens(chat: ChatPage) -> None:
    page = chat.page
    page.evaluate(
        """() => {
            window.heard = [];
            Frontdesk.on("message", ({ speaker, text }) => heard.push([speaker, text]));
            Frontdesk.on("open", () => { heard.push(["open"]); throw new Error("the page's own trouble"); });
            Frontdesk.on("unread", ({ count }) => heard.push(["unread", count]));
            Frontdesk.page({ url: "https://shop.example/kettle", title: "Tarn kettle" });
            Frontdesk.identify("signed:aoife");
            Frontdesk.send("Is it in stock?");
        }"""
    )
    expect(chat.launcher).to_have_accessible_name("Open the chat. Unread messages: 1")
    page.evaluate("Frontdesk.open()")
    chat.sees("Noted.")

    assert sorted(page.evaluate("heard")) == [["bot", "Noted."], ["open"], ["unread", 0], ["unread", 1]]
    begun = chat.desk.only.started_with
    assert begun["page"]["title"] == "Tarn kettle"
    assert begun["identity"] == "signed:aoife"


def test_a_signature_that_is_not_taken_keeps_nobody_from_asking(chat: ChatPage) -> None:
    chat.page.evaluate("Frontdesk.on('error', (e) => { window.told = e.kind }), Frontdesk.identify('forged')")
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")

    assert chat.page.evaluate("window.told") == "refused"
    assert not chat.desk.only.identified


def test_signing_out_shows_the_next_person_nothing(chat: ChatPage) -> None:
    chat.page.evaluate("Frontdesk.identify('signed:aoife')")
    chat.open()
    chat.say("mine")
    chat.sees("Noted.")
    chat.field.fill("half a sen")
    chat.page.evaluate("Frontdesk.identify(null)")
    chat.sees_not("mine")
    expect(chat.field).to_have_value("")
    chat.page.reload()

    expect(chat.panel).to_be_visible()
    chat.sees_not("mine")
    expect(chat.field).to_have_value("")


def test_another_customer_at_the_same_computer_sees_nothing_and_begins_anew(chat: ChatPage) -> None:
    chat.page.evaluate("Frontdesk.identify('signed:aoife')")
    chat.open()
    chat.say("mine")
    chat.sees("Noted.")
    chat.field.fill("half a sen")
    chat.page.evaluate("Frontdesk.on('error', (e) => { window.told = e.kind }), Frontdesk.identify('signed:bram')")
    chat.sees_not("mine")
    expect(chat.field).to_have_value("")
    chat.say("hello")
    chat.sees("Noted.")
    chat.sees_not("mine")

    assert [one.customer for one in chat.desk.conversations.values()] == ["signed:aoife", "signed:bram"]
    assert chat.page.evaluate("window.told") is None


def test_sound_is_off_until_the_customer_turns_it_on(chat: ChatPage) -> None:
    chat.page.evaluate(
        "() => { window.tones = 0; const Real = AudioContext; window.AudioContext = class extends Real"
        " { createOscillator() { tones += 1; return super.createOscillator() } } }"
    )
    chat.open()
    chat.say("quiet")
    chat.sees("Noted.")
    assert chat.page.evaluate("tones") == 0

    chat.choose_in_menu("Turn sound on")
    chat.desk.say(chat.desk.only, text="heard")
    chat.sees("heard")
    assert chat.page.evaluate("tones") > 0
    chat.button("More").click()
    expect(chat.button("Turn sound off")).to_be_visible()


def test_a_visitor_who_never_was_signed_in_keeps_the_conversation(chat: ChatPage) -> None:
    chat.open()
    chat.say("mine")
    chat.sees("Noted.")
    chat.page.reload()
    chat.page.evaluate("Frontdesk.identify(null)")

    chat.sees("mine")

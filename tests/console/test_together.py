"""Two agents in one conversation, broken connections, ended sessions: nobody is overwritten and nothing is lost."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.console.console_page import ConsolePage

BRIAN = {"id": "brian", "name": "Brian Walsh"}


def test_others_who_look_or_write_are_named(console: ConsolePage) -> None:
    console.open("mary")
    viewers = [{**BRIAN, "typing": True}, {"id": "ciara", "name": "Ciara Doyle", "typing": False}]
    mine = {"id": "aoife", "name": "Aoife Byrne", "typing": False}
    console.server.tell("presence", {"conversation_id": "mary", "viewers": [*viewers, mine]})

    head = console.conversation.locator(".conversation-head")
    expect(head).to_contain_text("Brian Walsh is writing…")
    expect(head).to_contain_text("Ciara Doyle is looking")
    assert console.server.called_soon("/mary/viewing", 1)


def test_the_second_writer_is_told_before_sending_and_keeps_the_text(console: ConsolePage) -> None:
    console.open("mary")
    console.field.fill("My long answer")
    console.server.change("mary", state="agent", agent=BRIAN)
    expect(console.conversation).to_contain_text("Brian Walsh took this conversation while you were writing.")
    console.server.say("mary", "I have refunded it.", speaker="agent", name="Brian Walsh")
    warning = console.conversation.locator(".interrupted")
    expect(warning).to_contain_text("Brian Walsh answered while you were writing.")
    expect(warning).to_contain_text("I have refunded it.")
    console.field.press("Control+Enter")

    expect(console.field).to_have_value("My long answer")
    assert console.server.called("/mary/reply") == []
    console.button("Send mine too").click()
    expect(console.timeline.locator(".message.agent").last).to_contain_text("My long answer")


def test_a_refused_reply_comes_back_with_what_the_other_wrote(console: ConsolePage) -> None:
    """The server knows of the other before this console does."""
    console.open("mary")
    console.field.fill("My long answer")
    console.server.change("mary", push=False, state="agent", agent=BRIAN)
    console.server.say("mary", "Refunded.", push=False, speaker="agent", name="Brian Walsh")
    console.field.press("Control+Enter")

    warning = console.conversation.locator(".interrupted")
    expect(warning).to_contain_text("Brian Walsh answered while you were writing.")
    expect(warning).to_contain_text("Refunded.")
    expect(console.field).to_have_value("My long answer")
    console.button("Make it a note").click()
    expect(console.field).to_have_accessible_name("Private note")
    expect(console.field).to_have_value("My long answer")


def test_taking_what_somebody_took_first_is_told(console: ConsolePage) -> None:
    console.open("mary")
    console.server.change("mary", push=False, state="agent", agent=BRIAN)
    console.press("t")

    expect(console.page.get_by_text("Brian Walsh wrote meanwhile.").first).to_be_visible()
    expect(console.conversation).to_contain_text("With Brian Walsh")


def test_whoever_loses_a_chat_to_a_colleague_is_told(console: ConsolePage) -> None:
    console.visit("/inbox/mine")
    expect(console.row("priya")).to_be_visible()
    console.server.change("priya", agent=BRIAN)

    console.hears("Brian Walsh has Priya Nair now.")
    expect(console.row("priya")).to_have_count(0)


def test_without_a_connection_that_is_said_and_what_was_missed_is_loaded_after(console: ConsolePage) -> None:
    console.open("priya")
    console.field.fill("A draft")
    console.server.stop()
    expect(console.page.get_by_text("No connection to the server.")).to_be_visible()
    console.server.say("priya", "Written meanwhile", push=False)
    console.server.start()

    expect(console.page.get_by_text("No connection to the server.")).to_have_count(0, timeout=15_000)
    expect(console.timeline.get_by_text("Written meanwhile")).to_be_visible()
    expect(console.field).to_have_value("A draft")


def test_what_found_no_connection_goes_by_itself_once_it_is_back(console: ConsolePage) -> None:
    console.open("priya")
    console.server.stop()
    for text in ("First", "Second"):
        console.field.fill(text)
        console.press("Control+Enter")
    expect(console.timeline.get_by_role("article", name="Not sent")).to_have_count(2, timeout=20_000)
    console.server.start()

    expect(console.timeline.locator(".message.agent:not(.pending)")).to_contain_text(
        ["First", "Second"], timeout=20_000
    )
    expect(console.timeline.locator(".pending")).to_have_count(0)
    said = [item["text"] for item in console.server.rooms["priya"]["items"]]
    assert (said.count("First"), said.count("Second")) == (1, 1)


def test_a_short_break_is_not_worth_words(console: ConsolePage) -> None:
    console.open("priya")
    console.server.drop_streams()
    with console.page.expect_request("**/api/events"):
        pass
    expect(console.page.locator(".layout")).to_have_attribute("data-connection", "ok")
    console.server.say("priya", "Still here")

    expect(console.timeline.get_by_text("Still here")).to_be_visible()
    expect(console.page.get_by_text("No connection to the server.")).to_have_count(0)


def test_an_ended_session_asks_to_sign_in_and_the_draft_is_there_again(console: ConsolePage) -> None:
    console.open("priya")
    console.field.fill("Half written")
    console.server.signed_in = False
    console.server.drop_streams()
    expect(console.page.get_by_text("Your session has ended.")).to_be_visible()
    console.page.get_by_label("E-mail").fill("aoife@alderwick.example")
    console.page.get_by_label("Password").fill("correct horse")
    console.button("Sign in").click()

    expect(console.conversation).to_have_accessible_name("Conversation with Priya Nair")
    expect(console.field).to_have_value("Half written")


def test_a_reply_into_an_ended_session_is_there_again_and_goes_under_the_same_id(console: ConsolePage) -> None:
    console.open("priya")
    console.field.fill("It left the warehouse today.")
    console.server.signed_in = False
    console.press("Control+Enter")
    expect(console.page.get_by_text("Your session has ended.")).to_be_visible()
    console.page.get_by_label("E-mail").fill("aoife@alderwick.example")
    console.page.get_by_label("Password").fill("correct horse")
    console.button("Sign in").click()
    expect(console.timeline.get_by_role("article", name="Not sent")).to_contain_text("It left the warehouse today.")
    console.page.reload()
    console.button("Try again").click()

    expect(console.timeline.locator(".message.agent:not(.pending)").last).to_contain_text("It left the warehouse")
    assert len({body["client_id"] for body in console.server.called("/priya/reply")}) == 1
    console.page.reload()
    expect(console.timeline.locator(".message.agent").last).to_contain_text("It left the warehouse")
    expect(console.timeline.get_by_role("article", name="Not sent")).to_have_count(0)


def test_what_arrived_after_the_page_was_left_is_not_offered_again(console: ConsolePage) -> None:
    console.open("priya")

    arrived: list[str] = []

    def lose_answer(route: Route) -> None:
        if not arrived:
            arrived.append(route.request.post_data_json["client_id"])
            said = {"speaker": "agent", "name": "Aoife Byrne", "client_id": arrived[0]}
            console.server.say("priya", "Only once", push=False, **said)
        route.abort()

    console.page.route("**/priya/reply", lose_answer)
    console.field.fill("Only once")
    console.press("Control+Enter")
    expect(console.timeline).to_contain_text("Not sent", timeout=15_000)
    console.page.reload()

    expect(console.timeline.locator(".message.agent").last).to_contain_text("Only once")
    expect(console.timeline.get_by_role("article", name="Not sent")).to_have_count(0)


def test_the_server_s_data_base_away_is_waited_for(console: ConsolePage) -> None:
    console.open("priya")
    console.server.failures += [("/reply", 503, {}), ("/reply", 503, {})]
    console.field.fill("Patience")
    console.press("Control+Enter")

    expect(console.timeline.locator(".message.agent:not(.pending)").last).to_contain_text("Patience")


def test_what_is_uploaded_or_typed_belongs_to_the_conversation_it_was_meant_for(console: ConsolePage) -> None:
    """Twelve chats: a late answer must not land in the one that is shown by then."""
    console.open("priya")
    console.server.failures.append(("/reply", 429, {"type": "too_many", "message": "Too fast."}))
    console.field.fill("For Priya only")
    console.press("Control+Enter")
    console.row("tom").click()
    expect(console.conversation).to_have_accessible_name("Conversation with Tom Keane")
    expect(console.conversation).not_to_contain_text("For Priya only")
    console.tabs.filter(has_text="Priya").get_by_role("link").click()

    expect(console.timeline).to_contain_text("For Priya only")


def test_after_signing_in_again_the_list_is_loaded_again(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")
    expect(console.rows).to_have_count(3)
    console.server.signed_in = False
    console.server.drop_streams()
    console.page.get_by_label("E-mail").fill("brian@alderwick.example")
    console.page.get_by_label("Password").fill("correct horse")
    console.button("Sign in").click()

    expect(console.rows).to_have_count(3)
    expect(console.page.get_by_role("link", name="Brian Walsh")).to_be_visible()


def test_an_event_that_nobody_understands_does_not_end_the_stream(console: ConsolePage) -> None:
    console.open("priya")
    console.server.tell("something_new", {"a": 1})
    console.server.tell("item", {"conversation_id": "priya", "item": None})
    console.server.say("priya", "Still here")

    expect(console.timeline.get_by_text("Still here")).to_be_visible()
    assert len(console.server.called("/events")) == 1
    assert len(console.errors) == 1
    console.errors.clear()

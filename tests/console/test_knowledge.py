"""The knowledge's editor: finding, writing, trying, publishing, putting back, bringing in, and filling gaps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Route, expect

from tests.console import sample, scripted_knowledge
from tests.console.console_page import ConsolePage
from tests.console.scripted_pages import ScriptedPages


@pytest.fixture
def server(server: ScriptedPages) -> ScriptedPages:
    server.accounts["aoife"] = sample.account("Aoife Byrne", "editor")
    return server


def test_an_entry_is_found_changed_with_its_preview_and_only_the_change_is_sent(
    console: ConsolePage, server: ScriptedPages
) -> None:
    console.visit("/knowledge")
    expect(console.page.get_by_text("5 entries")).to_be_visible()
    console.page.get_by_label("State").select_option("live")
    console.press("/")
    console.page.keyboard.type("sending")
    expect(console.page.locator("tbody tr")).to_have_count(1)
    console.page.get_by_role("link", name="Sending something back").click()
    console.page.get_by_label("Answer", exact=True).fill("Within **40** days. <b>x</b>")
    preview = console.page.get_by_role("region", name="As the customer sees it")
    expect(preview.locator("strong")).to_have_text("40")
    expect(preview).to_contain_text("<b>x</b>")
    console.page.get_by_label("Why").fill("New law")
    console.press("Control+s")
    expect(console.page.get_by_text("Saved.").first).to_be_visible()

    assert server.called("/knowledge/returns")[:2] == [
        None,
        {"answer": "Within **40** days. <b>x</b>", "why": "New law", "version": 4},
    ]


def test_a_question_is_tried_and_what_would_be_told_is_said(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/knowledge/e/returns")
    console.page.get_by_label("Question", exact=True).fill("can it go back")
    console.press("Enter")
    expect(console.page.get_by_text("Told from 75 %, offered from 35 %")).to_be_visible()

    console.hears("Sending something back, 88 %. The bot would tell it")
    expect(console.page.get_by_role("rowheader", name=re.compile("this one"))).to_contain_text("The bot would tell it")
    assert server.called("/try") == [{"question": "can it go back", "audience": "public", "locale": "en"}]


def test_a_colleague_s_newer_version_is_not_overwritten(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/knowledge/e/returns")
    console.page.get_by_label("Title").fill("Returns")
    server.knowledge.entries["returns"]["version"] = 5
    console.button("Save").click()

    expect(console.page.get_by_role("alert")).to_contain_text("Brian Walsh has saved this entry meanwhile.")
    expect(console.page.get_by_label("Title")).to_have_value("Returns")


def test_a_gap_becomes_a_draft_and_is_published(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/knowledge/gaps")
    expect(console.page.get_by_role("listitem").filter(has_text="Can I pay with a gift card")).to_contain_text(
        "asked 14 times, 5 customers unhappy"
    )
    console.button("Write a draft: Can I pay with a gift card from 2019?").click()
    expect(console.page).to_have_url(re.compile("/knowledge/e/draft-2"))
    console.page.get_by_label("Answer", exact=True).fill("Yes, for ten years.")
    console.button("Publish").click()
    expect(console.page.get_by_label("Category")).to_be_focused()  # nothing near it told which
    console.page.get_by_label("Category").fill("orders")
    console.page.get_by_label("Valid until").fill("2029-12-31")
    console.button("Publish").click()
    expect(console.page.get_by_text("Published; the bot knows it now.").first).to_be_visible()

    assert server.called("/draft") == [
        {"question": "Can I pay with a gift card from 2019?", "conversation_id": "web/2"}
    ]
    kept = server.knowledge.entries["draft-2"]
    assert (kept["state"], kept["answer"], kept["valid_until"]) == ("live", "Yes, for ten years.", "2029-12-31")


def test_a_gap_that_is_done_goes_and_can_be_called_back(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/knowledge/gaps")
    gap = console.page.locator(".knowledge-gap").filter(has_text="Can I pay with a gift card from 2019?")
    console.button("Done: Can I pay with a gift card from 2019?").click()
    expect(gap).to_have_count(0)
    assert server.called("/done")[0]["questions"][1] == "my gift card is from 2019, does it work"
    console.button("Undo").click()
    expect(gap).to_have_count(1)


def test_a_save_that_takes_its_time_says_so_and_is_sent_once(console: ConsolePage, server: ScriptedPages) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    console.visit("/knowledge/e/returns")
    console.page.route("**/knowledge/returns", hold)
    console.page.get_by_label("Answer", exact=True).fill("Within **40** days.")
    console.press("Control+s")
    expect(console.button("Saving…")).to_be_visible()
    console.hears("Saving…")
    console.page.keyboard.type("lost")
    console.press("Control+s")
    console.button("Saving…").click(force=True)
    (only,) = held
    only.continue_()
    expect(console.page.get_by_text("Saved.").first).to_be_visible()
    expect(console.button("Save")).to_have_attribute("aria-disabled", "true")

    assert len(held) == 1
    assert server.knowledge.entries["returns"]["answer"] == "Within **40** days."
    expect(console.page.get_by_label("Answer", exact=True)).to_have_value("Within **40** days.")


def test_a_new_entry_is_written_as_a_draft(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/knowledge")
    console.press("c")
    console.page.get_by_label("Title").fill("Lids")
    console.page.get_by_label("Questions it answers").fill("where is a lid\n\n  a new lid ")
    console.page.get_by_label("Answer", exact=True).fill("In every shop.")
    console.button("Save as draft").click()
    expect(console.page.get_by_role("heading", level=1, name="Lids")).to_be_visible()

    made = next(body for path, body in server.calls if path == "/knowledge" and body)
    assert (made["questions"], made["state"], made["valid_from"]) == (["where is a lid", "a new lid"], "draft", None)


def test_history_shows_what_changed_and_puts_back(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/knowledge/e/returns")
    console.button("History").click()
    expect(console.dialog.get_by_role("region", name="Difference")).to_contain_text("removed: You can send back within")
    console.dialog.get_by_role("button", name=re.compile("Put back")).click()

    expect(console.page.get_by_label("Answer", exact=True)).to_have_value(re.compile("within 14 days"))
    assert server.called("/restore") == [{"version": 2}]


def test_an_import_is_shown_before_it_happens(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/knowledge/import")
    files: list[FilePayload] = [
        {"name": "a.md", "mimeType": "text/markdown", "buffer": b"# A"},
        {"name": "broken.md", "mimeType": "text/markdown", "buffer": b""},
    ]
    console.page.locator("input[type=file]").set_input_files(files)
    console.button("See what would change").click()
    report = console.page.get_by_role("region", name="Report")
    expect(report).to_contain_text("It has no title.")
    expect(report).to_contain_text("Would be new: 1")
    console.button("Import").click()
    expect(report).to_contain_text("What happened")

    assert server.called("dry_run=true") == [["a.md", "broken.md"]]
    assert server.called("dry_run=false") == [["a.md", "broken.md"]]


def test_an_entry_with_slashes_and_spaces_in_its_id_opens_and_is_deleted(
    console: ConsolePage, server: ScriptedPages
) -> None:
    console.visit("/knowledge")
    console.page.get_by_role("link", name="Brio: first use").click()
    console.button("Delete").click()
    console.dialog.get_by_role("button", name="Delete").click()
    expect(console.page.get_by_text("4 entries")).to_be_visible()

    assert "manual/Brio > First use" not in server.knowledge.entries


def test_one_long_word_does_not_break_the_gaps(console: ConsolePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scripted_knowledge.GAPS[0], "question", "w" * 200)
    console.visit("/knowledge/gaps")
    expect(console.page.locator(".knowledge-gap").first).to_be_visible()

    assert console.page.locator("main").evaluate("main => main.scrollWidth <= main.clientWidth")

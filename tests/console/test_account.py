"""Signing in and out, what each role is shown, and what somebody sets for themselves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.console import sample
from tests.console.console_page import ConsolePage


def _sign_in(console: ConsolePage, password: str = "correct horse") -> None:  # noqa: S107 - the scripted server's
    console.page.get_by_label("E-mail").fill("aoife@alderwick.example")
    console.page.get_by_label("Password").fill(password)
    console.button("Sign in").click()


def test_signing_in_leads_to_the_first_page_that_is_allowed(console: ConsolePage) -> None:
    console.server.signed_in = False
    console.visit("")
    expect(console.page.get_by_text("The staff console of Alderwick")).to_be_visible()
    _sign_in(console)

    expect(console.page).to_have_url(re.compile(r"/console/inbox"))
    expect(console.rows).to_have_count(2)


def test_a_wrong_password_is_told_in_one_sentence(console: ConsolePage) -> None:
    console.server.signed_in = False
    console.visit("")
    _sign_in(console, "wrong")

    expect(console.page.get_by_role("alert")).to_have_text("E-mail, password or code is wrong.")
    expect(console.page.get_by_label("E-mail")).to_have_value("aoife@alderwick.example")


def test_the_second_factor_is_asked_for_where_it_is_on(console: ConsolePage) -> None:
    console.server.signed_in = False
    console.server.accounts["aoife"]["totp"] = True
    console.visit("")
    _sign_in(console)
    code = console.page.get_by_label("Code")
    expect(code).to_be_focused()
    code.fill("000000")
    console.press("Enter")
    expect(console.page.get_by_role("alert")).to_be_visible()
    code.fill("123456")
    console.press("Enter")

    expect(console.rows).to_have_count(2)


def test_the_company_s_own_sign_in_is_offered(console: ConsolePage) -> None:
    console.server.signed_in = False
    console.server.offer = {"oidc": {"name": "Alderwick ID"}, "company": "Alderwick"}
    console.visit("")

    link = console.page.get_by_role("link", name="Continue with Alderwick ID")
    expect(link).to_have_attribute("href", "/console/api/oidc/start")


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        ("agent", ["Inbox", "Replies"]),
        ("lead", ["Inbox", "Replies", "Reviews", "Approved answers", "Numbers"]),
        ("editor", ["Reviews", "Knowledge", "Approved answers"]),
        ("developer", ["Reviews", "Numbers"]),
        ("admin", ["Inbox", "Replies", "Reviews", "Knowledge", "Approved answers", "Numbers", "Admin"]),
    ],
)
def test_each_role_sees_its_pages(console: ConsolePage, role: str, pages: list[str]) -> None:
    console.server.accounts["aoife"] = sample.account("Aoife Byrne", role)
    console.visit("/account")

    expect(console.page.get_by_role("navigation", name="Pages").get_by_role("link")).to_have_text(pages)
    # Who has no inbox opens no stream.
    state = "ok" if "Inbox" in pages else "off"
    expect(console.page.locator(".layout")).to_have_attribute("data-connection", state)
    assert bool(console.server.called("/events")) == ("Inbox" in pages)


def test_a_page_that_is_not_allowed_says_so(console: ConsolePage) -> None:
    console.visit("/knowledge")

    expect(console.page.get_by_role("main")).to_contain_text("This page is not open to you")


def test_an_unknown_address_says_so(console: ConsolePage) -> None:
    console.visit("/nowhere")

    expect(console.page.get_by_role("main")).to_contain_text("There is no page at this address")


def test_signing_out_asks_about_drafts_and_deletes_them(console: ConsolePage) -> None:
    console.open("priya")
    console.field.fill("Not sent yet")
    console.button("Sign out").click()
    expect(console.dialog).to_contain_text("One message is written and not sent.")
    console.dialog.get_by_role("button", name="Sign out and delete").click()
    expect(console.button("Sign in")).to_be_visible()

    assert "draft." not in console.page.evaluate("Object.keys(localStorage).join()")


def test_the_second_factor_is_set_up_with_a_code(console: ConsolePage) -> None:
    console.visit("/account")
    console.button("Set up…").click()
    console.dialog.get_by_label("Password").fill("correct horse")
    console.dialog.get_by_role("button", name="Go on").click()
    expect(console.dialog).to_contain_text("JBSWY3DPEHPK3PXP")
    assert console.server.called("/me/totp") == [{"password": "correct horse"}]
    console.dialog.get_by_label("Code that the app shows").fill("123456")
    console.dialog.get_by_role("button", name="Switch on").click()

    expect(console.dialog.get_by_role("list", name="Recovery codes").get_by_role("listitem")).to_have_count(10)
    expect(console.dialog).to_contain_text("ABCD-EFGH-0003-WXYZ")
    console.dialog.get_by_role("button", name="I have kept them").click()
    expect(console.dialog).to_have_count(0)
    expect(console.page.get_by_text("On: each sign-in asks for a code")).to_be_visible()


def test_new_recovery_codes_are_made_with_the_password(console: ConsolePage) -> None:
    console.server.accounts["aoife"]["totp"] = True
    console.visit("/account")
    console.button("New recovery codes…").click()
    console.dialog.get_by_label("Password").fill("correct horse")
    console.dialog.get_by_role("button", name="Make new codes").click()

    expect(console.dialog.get_by_role("listitem")).to_have_count(10)
    assert console.server.called("/me/totp/recovery") == [{"password": "correct horse"}]


def test_a_recovery_code_may_stand_for_the_apps(console: ConsolePage) -> None:
    console.server.signed_in = False
    console.server.accounts["aoife"]["totp"] = True
    console.visit("")
    _sign_in(console)
    console.page.get_by_label("Code").fill("ABCD-EFGH-0003-WXYZ")
    console.press("Enter")

    # It went to the server, which here knows the app's code only.
    expect(console.page.get_by_role("alert")).to_have_text("E-mail, password or code is wrong.")


def test_another_session_can_be_ended(console: ConsolePage) -> None:
    console.visit("/account")
    console.page.get_by_role("button", name="End the session Firefox on Linux").click()

    expect(console.page.get_by_text("That session has ended.").first).to_be_visible()
    assert ("DELETE /me/sessions/s2", None) in console.server.calls


def test_a_canned_reply_of_my_own_is_made_and_used(console: ConsolePage) -> None:
    console.visit("/phrases")
    console.button("New canned reply…").click()
    console.dialog.get_by_label("Shortcut").fill("swap")
    console.dialog.get_by_label("Title").fill("Exchange")
    console.dialog.get_by_label("Text").fill("Of course, {{customer.name}}.")
    console.dialog.get_by_role("button", name="Save").click()
    expect(console.page.get_by_text("/swap")).to_be_visible()
    assert console.page.get_by_role("button", name="Change /hello").count() == 0
    console.open("priya")
    console.press("r")
    console.page.keyboard.type("/swap")
    expect(console.page.get_by_role("option")).to_have_count(1)
    console.press("Enter")

    expect(console.field).to_have_value("Of course, Priya Nair.")


def test_colours_can_be_chosen_and_are_kept(console: ConsolePage) -> None:
    console.visit("/account")
    console.page.get_by_role("radio", name="Dark").check()
    console.page.reload()

    expect(console.page.get_by_role("radio", name="Dark")).to_be_checked()
    assert console.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_the_sound_is_off_until_it_is_wanted(console: ConsolePage) -> None:
    console.visit("/account")

    expect(console.page.get_by_role("checkbox", name="A sound when a customer writes to me")).not_to_be_checked()
    expect(console.page.get_by_role("checkbox", name=re.compile("Notifications on the desktop"))).not_to_be_checked()


def test_a_password_that_an_admin_made_is_changed_before_anything_else(console: ConsolePage) -> None:
    console.server.accounts["aoife"]["must_change"] = True
    console.page.goto(f"{console.server.url}/console/inbox/mine")
    expect(console.page.get_by_role("heading", name="Choose a password")).to_be_visible()
    expect(console.page.locator(".layout")).to_have_count(0)
    assert not console.server.called("/inbox")
    console.page.get_by_label("The password you were given").fill("marble-otter-plinth-42")
    console.page.get_by_label("Your new password").fill("four unrelated words here")
    console.press("Enter")

    expect(console.page.locator(".layout")).to_be_attached()
    body = {"old": "marble-otter-plinth-42", "new": "four unrelated words here"}
    assert console.server.called("/me/password") == [body]

"""The console's pages around the conversations: transcripts, macros, assignment, figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import expect

from scripts.pictures.colleague import Colleague
from scripts.pictures.past import settle_past, write_past
from scripts.pictures.studio import Studio

_LOOKS = 30  # each look at the figures counts some more conversations
_SERVE: Mapping[str, Mapping[str, Any]] = {
    "Niamh Doyle": {"languages": ["en", "ga"], "skills": ["return_item", "vip"]},
    "Omar Haddad": {"languages": ["en", "fr"], "skills": ["order_status"], "capacity": 8},
    "Ruth Lindqvist": {"languages": ["en", "sv", "de"], "capacity": 3},
    "Greta Volk": {"languages": ["en", "de"], "capacity": 2},
}


def take(studio: Studio, shop: str, password: str, *, database_url: str) -> None:
    """console-transcript, -macro, -assignment, -numbers."""
    ruth = Colleague(studio, shop, "lead", password)
    _transcript(studio, ruth)
    _macro(studio, ruth)
    greta = Colleague(studio, shop, "admin", password)
    _assignment(studio, greta)
    _numbers(studio, ruth, database_url)


def _transcript(studio: Studio, ruth: Colleague) -> None:
    ruth.visit("/reviews")
    ruth.page.get_by_role("link", name="Where is my order 10046?").first.click()
    expect(ruth.page.locator(".turn-item").first).to_be_visible()
    ruth.page.locator(".turn-number").nth(1).click()
    studio.take(ruth.page, "console-transcript")


def _macro(studio: Studio, ruth: Colleague) -> None:
    for shortcut, title, text in (
        ("hello", "Greeting", "Hello {{customer.name}}, this is {{agent.name}}. I'm looking it up for you."),
        ("label", "Return label", "The label for {{order.number}} is on its way to you. Any parcel shop takes it."),
        (
            "late",
            "Parcel is late",
            "I'm sorry that {{order.number}} is late. I ask the carrier today and write to you.",
        ),
        ("bye", "Goodbye", "Thank you for writing, {{customer.name}}. We're here if anything else comes up."),
    ):
        ruth.sends("POST", "/canned", shortcut=shortcut, title=title, text=text, mine=False)
    lost = "I'm sorry, {{customer.name}}: {{order.number}} is lost. We send it again today, at no cost."
    steps = [{"kind": "tag", "value": "lost parcel"}, {"kind": "reply", "value": lost}]
    ruth.sends("POST", "/macros", title="Lost parcel", actions=steps)
    ruth.visit("/phrases")
    ruth.page.get_by_role("button", name="Change Lost parcel").click()
    expect(ruth.page.get_by_role("dialog")).to_be_visible()
    studio.take(ruth.page, "console-macro")


def _assignment(studio: Studio, greta: Colleague) -> None:
    for account in greta.reads("/accounts?limit=100")["items"]:
        if serves := _SERVE.get(account["name"]):
            greta.sends("PATCH", f"/accounts/{account['id']}", **serves)
    greta.visit("/admin/assignment")
    greta.page.get_by_role("switch", name="Hand waiting").click()
    expect(greta.page.get_by_role("region", name="Who answers")).to_contain_text("return_item")
    studio.take(greta.page, "console-assignment")
    greta.leave()


def _numbers(studio: Studio, ruth: Colleague, database_url: str) -> None:
    write_past(database_url)
    for _ in range(_LOOKS):
        if ruth.reads("/numbers")["complete"]:
            break
    settle_past(database_url)
    ruth.visit("/numbers")
    expect(ruth.page.get_by_role("list", name="Figures")).to_contain_text("Containment")
    studio.take(ruth.page, "console-numbers")
    ruth.leave()

"""What the support team sees at work: conversations of a busy morning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playwright.sync_api import expect

from scripts.pictures.colleague import Colleague
from scripts.pictures.customer import Customer
from scripts.pictures.studio import Studio

_WAITING: Mapping[str, Sequence[str]] = {
    "marta.esteves@example.org": ("Where is my order 10036?", "Could a colleague tell me when it reaches Porto?"),
    "emily.carter@example.org": ("Where is my order 10035?", "Can the soundbar come to my office instead?"),
    "niamh.osullivan@example.com": ("How long do I have to send something back?", "Can you collect the robot vacuum?"),
    "fionn@example.net": ("Where is my order 10039?", "I'm in after five, can the driver come then?"),
    "owen.pritchard@example.net": ("How can I pay?", "I sent the bank transfer for 10042 on Monday."),
    "ingrid.solberg@example.com": ("Do I have to pay customs?", "The carrier asks me for an invoice."),
    "jonas.weber@example.org": ("Do you deliver to Germany?", "Can I add an Oat toaster to 10048?"),
    "katrin.vogel@example.net": ("When does my refund come?", "Has the grinder arrived at your warehouse?"),
    "priya.raman@example.org": ("Where is my order 10021?", "I'd rather have the filters than the money."),
    "cian.murphy@example.org": ("Where is my order 10043?", "I won't be in today, can it go to a neighbour?"),
}
"""Questions for the bot, and last what they want a person for."""

_UNREAD = (
    ("fionn@example.net", "Half past five would be perfect."),
    ("emily.carter@example.org", "It's in the same building, third floor."),
    ("priya.raman@example.org", "Are they in stock?"),
    ("cian.murphy@example.org", "Number 12 is always at home."),
    ("cian.murphy@example.org", "Her name is Mrs Daly."),
)


def take(studio: Studio, shop: str, password: str) -> None:
    """console-conversation, -somebody-else, -what-the-bot-knew, -suggestions, -twelve-chats."""
    waiting = {email: _comes(shop, email, texts) for email, texts in _WAITING.items()}
    aoife = _comes(
        shop,
        "aoife.brennan@example.com",
        ("Where is my order 10046?", "Can I send back headphones that I opened?", "I want to talk to a person, please"),
    )
    declan = Customer(shop, "declan.hayes@example.com")
    declan.says("Where is my order 10031?", "This is ridiculous! It was promised for last week.", "I want a person now")
    niamh = Colleague(studio, shop, "agent", password)
    for customer in waiting.values():
        niamh.reads(f"/conversations/{customer.id}")
    omar = Colleague(studio, shop, "agent2", password)
    _conversation(studio, niamh, aoife)
    _somebody_else(studio, niamh, omar, aoife)
    _what_the_bot_knew(studio, niamh, declan)
    _suggestions(studio, niamh, waiting["ingrid.solberg@example.com"])
    for window in (niamh, omar):
        window.leave()
    _twelve_chats(studio, Colleague(studio, shop, "agent", password, dark=True), declan, waiting)


def _comes(shop: str, email: str, texts: Sequence[str]) -> Customer:
    """Asks the bot, then waits for a person."""
    customer = Customer(shop, email)
    customer.says(*texts)
    customer.wants_a_person()
    return customer


def _conversation(studio: Studio, niamh: Colleague, aoife: Customer) -> None:
    niamh.opens(aoife.id, "unassigned")
    niamh.takes()
    niamh.replies(aoife.id, "Hello Aoife, this is Niamh. Opened headphones are fine as long as nothing is missing.")
    aoife.writes("The box is torn, is that a problem?")
    niamh.opens(aoife.id, "all")
    niamh.types("No, the box doesn't matter. I'll send you the label for 10026 now.")
    studio.take(niamh.page, "console-conversation")


def _what_the_bot_knew(studio: Studio, niamh: Colleague, declan: Customer) -> None:
    niamh.opens(declan.id, "unassigned")
    niamh.page.locator("details.handoff > summary").click()
    knew = niamh.timeline.locator("details.knew").first
    knew.locator("summary").first.click()
    knew.locator(".knew-body").evaluate("one => one.closest('article').scrollIntoView({ block: 'start' })")
    studio.take(niamh.page, "console-what-the-bot-knew")


def _somebody_else(studio: Studio, niamh: Colleague, omar: Colleague, aoife: Customer) -> None:
    niamh.types("No, the box doesn't matter. I'll send you the label for")
    omar.opens(aoife.id, "all")
    omar.replies(aoife.id, "A torn box is **no problem**. The label is in your letterbox in a minute.")
    omar.types("And")
    expect(niamh.page.locator(".interrupted")).to_be_visible()
    studio.take(niamh.page, "console-somebody-else")


def _suggestions(studio: Studio, niamh: Colleague, ingrid: Customer) -> None:
    niamh.opens(ingrid.id, "unassigned")
    niamh.page.locator("details.handoff > summary").click()
    niamh.page.get_by_role("button", name="Suggest an answer").click()
    expect(niamh.page.get_by_role("region", name="Suggested answers")).to_contain_text("From the knowledge")
    studio.take(niamh.page, "console-suggestions")


def _twelve_chats(studio: Studio, niamh: Colleague, declan: Customer, waiting: Mapping[str, Customer]) -> None:
    for customer in waiting.values():
        niamh.does("take", customer.id)
        niamh.opens(customer.id)
        niamh.replies(customer.id, "Hello, this is Niamh. I'm looking it up for you.")
    niamh.opens(declan.id)
    for email, text in _UNREAD:
        waiting[email].writes(text)
    studio.take(niamh.page, "console-twelve-chats")
    niamh.leave()

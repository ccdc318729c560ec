"""What strangers write stays text: in every place where the console shows it. The strict policy is never broken."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.console import sample
from tests.console.console_page import ConsolePage

ATTACK = (
    '<img src=x onerror="window.hit=1"><script>window.hit=1</script> [click](javascript:window.hit=1) '
    "[bank](data:text/html,<script>hit=1</script>) **bold** <svg onload=hit=1>"
)


def test_foreign_words_are_inert_wherever_they_are_shown(console: ConsolePage) -> None:
    knew = sample.knew(
        ATTACK, 0.5, entities=[{"entity": ATTACK, "value": ATTACK}], slots_set={ATTACK: ATTACK}, rung=ATTACK
    )
    knew |= {"citations": [{"entry_id": "e", "title": ATTACK, "relevance": 0.4}], "actions": [ATTACK], "policy": ATTACK}
    items = [
        sample.item("customer", ATTACK, 3, attachments=[{"id": "f", "name": ATTACK, "type": "text/html", "size": 3}]),
        sample.item(
            "bot", ATTACK, 2, knew=knew, buttons=[{"title": ATTACK, "payload": "x"}], cards=[{"title": ATTACK}]
        ),
        sample.item("system", ATTACK, 2, event="x"),
        sample.item("agent", ATTACK, 1, note=True, name=ATTACK),
    ]
    handoff = sample.HANDOFF | {
        "summary": ATTACK,
        "reason": ATTACK,
        "last_words": ATTACK,
        "collected": {ATTACK: ATTACK},
    }
    customer = {"id": "c", "name": ATTACK, "email": '"><img src=x onerror=hit=1>@x', "phone": ATTACK, "since": None}
    customer |= {"orders": [sample.ORDERS[0] | {"items": ATTACK, "state": ATTACK}], "tickets": [], "verified": False}
    console.server.add("evil", ATTACK, items, title=ATTACK, tags=[ATTACK], locale="x<y")
    console.server.rooms["evil"] |= {"handoff": handoff, "customer": customer}
    console.server.rooms["evil"]["viewers"] = [{"id": "b", "name": ATTACK, "typing": True}]
    console.open("evil")
    for details in console.page.locator("details").all():
        details.evaluate("one => { one.open = true; }")
    expect(console.timeline).to_contain_text("<script>window.hit=1</script>")
    expect(console.timeline.locator("strong", has_text="bold").first).to_be_visible()

    assert console.page.evaluate("window.hit") is None
    assert console.page.locator("section.conversation img, section.conversation script").count() == 0
    links = console.page.locator("a").evaluate_all("all => all.map(one => one.href)")
    assert [link for link in links if not link.startswith((console.server.url, "https:", "mailto:"))] == []


def test_links_of_customers_lead_out_without_telling_where_from(console: ConsolePage) -> None:
    console.server.say("priya", "See https://shop.example/a?b=1 and [my bank](https://evil.example)", push=False)
    console.open("priya")
    link = console.timeline.get_by_role("link", name="https://shop.example/a?b=1")

    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")


def test_a_link_that_promises_another_address_stays_text(console: ConsolePage) -> None:
    console.server.say("priya", "[https://alderwick.example](https://evil.example/x)", push=False)
    console.open("priya")

    expect(console.timeline).to_contain_text("[https://alderwick.example]")
    ways = console.timeline.locator("a").evaluate_all("all => all.map(one => [one.textContent, one.href])")
    assert [way for way in ways if way[0].rstrip("/") != way[1].rstrip("/")] == []


def test_the_token_is_sent_with_every_change(console: ConsolePage) -> None:
    console.open("priya")
    console.server.csrf = "another"
    console.field.fill("Hello")
    console.press("Control+Enter")

    expect(console.timeline).to_contain_text("Not sent. Reload the page.")


def test_nothing_is_fetched_from_elsewhere(console: ConsolePage) -> None:
    asked: list[str] = []
    console.page.on("request", lambda request: asked.append(request.url))
    console.server.say(
        "priya", "![pic](https://tracker.example/x.png)", push=False, image="https://tracker.example/y.png"
    )
    console.open("priya")
    expect(console.timeline).to_contain_text("tracker.example")

    assert [url for url in asked if not url.startswith((console.server.url, "data:"))] == []

"""What the back office answers of a message, or of a part of it: the hours of a day, an article's stock and price."""

import asyncio
import re

from actions.bootstrap import Services
from actions.order_words import day, money
from actions.questions import say_entry
from actions.requests import Request
from actions.subject import articles_in
from actions.turn import Turn
from actions.when import day_in
from backoffice.service.catalogue import ProductView, Stock

MOST_NAMED = 3
_COLOUR = re.compile(
    r"(?i)\b(?:in|a|an|any|the) (?:\w+ )?(red|blue|green|yellow|orange|pink|purple|white|black|gr[ae]y|brown|beige|"
    r"silver|gold|sand|turquoise|cream)\b"
)
_PHONE_HOURS = re.compile(r"(?i)\b(?:phone|call|ring|hotline|line|support|service|chat|customer care|e-?mail)\b")
COSTS_OF_SERVICE = re.compile(
    r"(?i)\b(?:deliver\w*|shipp\w*|ship|post\w*|return\w*|send\w*|plus|member\w*|repair\w*|workshop|pick|collect\w*|customs|"
    r"dut(?:y|ies)|express|install\w*|subscri\w*|wrap\w*|warrant\w*|code|discount|voucher|instal?ments?|refund\w*|box|dropp\w*|fell|fallen|difference)\b"
    r"|\b(?:went|gone|going) down\b|\b(?:get|got) (?:\w+ )?back\b"
)
"""What is paid beside an article: the catalogue knows nothing of it."""


_PART = re.compile(
    r"(?i)\b(jug|lid|ring|seal|gasket|filter|cushion|ear ?pad|ear ?tip|cable|charger|remote|brush|tray|handle|"
    r"portafilter|basket|dock|adapter|battery|batterie|blade|hopper|burr|tank|hose|spare|part)s?\b"
)
_SERVICE = re.compile(
    r"(?i)\b(?:collect\w*|pick(?:ed|ing)? up|repair\w*|fix|recycl\w*|take back|warrant\w*|return\w*)\b"
)


def of_the_shelf(text: str, found: list[ProductView]) -> bool:
    """Whether the words ask for the articles themselves: not for a part of one, or something done with it."""
    names = " ".join(view.product.name for view in found).casefold()
    parts = (part[1].casefold() for part in _PART.finditer(text))
    return not _SERVICE.search(text) and all(part in names for part in parts)


async def looked_up(services: Services, turn: Turn, part: Request) -> bool:
    """Answer one part of a message that asks for several things; false where the knowledge has to."""
    if part.intent == "ask_opening_hours":
        return await tell_hours(services, turn, part.text)
    if part.intent not in {"check_stock", "ask_price"} or (
        part.intent == "ask_price" and COSTS_OF_SERVICE.search(part.text)
    ):
        return False
    found = await asyncio.to_thread(_articles_of, services, part)
    if not of_the_shelf(part.text, found):
        return False
    if found and part.intent == "check_stock":
        for view in found[:2]:
            await tell_stock(services, turn, view)
    elif found and not {view.product.sku for view in found} <= _priced_in_this_turn(turn):
        tell_price(turn, found)
    return bool(found)


def _articles_of(services: Services, part: Request) -> list[ProductView]:
    catalogue = services.backoffice.catalogue
    return articles_in(part.text, catalogue) or (articles_in(part.leans_on, catalogue) if part.leans_on else [])


async def tell_hours(services: Services, turn: Turn, text: str) -> bool:
    """The hours of the day that is named, with the entry; false where no day is, or it is about another service."""
    named = None if _PHONE_HOURS.search(text) else day_in(text, services.now())
    entry = await services.ladder.entry("store-hours") if named else None
    if named is None or entry is None:
        return False
    hours = await asyncio.to_thread(services.backoffice.appointments.open_on, named)
    if hours is None:
        turn.say("utter_closed_on", day=day(named))
    else:
        opens, closes = (f"{at:%H:%M}" for at in hours)
        over = services.now() >= hours[1]
        turn.say("utter_was_open_on" if over else "utter_open_on", day=day(named), opens=opens, closes=closes)
    say_entry(turn, entry)
    return True


async def tell_stock(services: Services, turn: Turn, view: ProductView) -> None:
    product = view.product
    colour = _colour_not_made(turn.text, view)
    if colour:
        response = "utter_stock_other_colours" if product.variants else "utter_stock_no_colours"
        colours, price = " or ".join(product.variants), money(product.price)
        turn.say(response, data=_record_of(view), name=product.name, price=price, colour=colour, colours=colours)
        return
    others = await asyncio.to_thread(services.backoffice.catalogue.instead_of, product.sku)
    response = f"utter_stock_{view.stock.value}"
    if view.stock is Stock.SOLD_OUT and not others:
        response = "utter_stock_sold_out_alone"
    alike = words_of(others[:MOST_NAMED])
    turn.say(response, data=_record_of(view), name=product.name, price=money(product.price), others=alike)


def _colour_not_made(text: str, view: ProductView) -> str | None:
    """The colour that is asked for, if the article does not come in it."""
    named = _COLOUR.search(text)
    return named[1].casefold() if named and named[1].casefold() not in view.product.variants else None


def tell_price(turn: Turn, found: list[ProductView]) -> None:
    data = _record_of(found[0])
    if len(found) == 1:
        turn.say("utter_price", data=data, name=found[0].product.name, price=money(found[0].product.price))
    else:
        turn.say("utter_prices", data=data, others=words_of(found[:MOST_NAMED]))


def words_of(views: "tuple[ProductView, ...] | list[ProductView]") -> str:
    """``Pip earbuds (€89.00), Linnet speaker (€129.00, few left)``."""
    return ", ".join(
        f"{view.product.name} ({money(view.product.price)}{', few left' if view.stock is Stock.FEW_LEFT else ''})"
        for view in views
    )


def _record_of(view: ProductView) -> dict[str, str]:
    return {"kind": "stock", "sku": view.product.sku, "stock": view.stock.value}


def _priced_in_this_turn(turn: Turn) -> set[str]:
    """Articles whose price was told for another part of this message; what is sold out was told without it."""
    records = [message.get("custom") or {} for message in turn.dispatcher.messages]
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            break
        records.append((event.get("data") or {}).get("custom") or {})
    return {str(record.get("sku")) for record in records if record.get("stock") not in {None, Stock.SOLD_OUT.value}}

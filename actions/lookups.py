"""Questions whose answer is in the back office, not on a page: where we deliver, when we are open, what is there."""

import asyncio
import re
from functools import cache

from babel import Locale
from rapidfuzz import fuzz, process
from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.order_words import day, money
from actions.questions import ActionAnswerQuestion, say_entry
from actions.requests import requests_in
from actions.turn import Turn
from actions.when import day_in
from backoffice.model.act import Refusal
from backoffice.model.product import Category
from backoffice.service.catalogue import ProductView, Stock
from backoffice.service.regions import region_for

_ALSO = {
    "uk": "GB", "u.k": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "britain": "GB", "great britain": "GB",
    "northern ireland": "GB", "usa": "US", "u.s.a": "US", "the states": "US", "america": "US", "holland": "NL",
    "republic of ireland": "IE", "eire": "IE", "czech republic": "CZ", "canaries": "IC", "tenerife": "IC",
    "gran canaria": "IC", "lanzarote": "IC", "fuerteventura": "IC", "uae": "AE", "korea": "KR", "russia": "RU",
    "turkey": "TR", "mallorca": "ES", "majorca": "ES", "sicily": "IT", "crete": "GR",
}  # fmt: skip
_SPANISH_ISLANDS = {"IC": ("ES", "35001"), "EA": ("ES", "51001")}
"""Unicode's own codes for the Canary Islands, Ceuta and Melilla."""

_HERE = re.compile(r"(?i)\b(?:to|at) (?:me|my (?:place|address|home|house|door)|us|where i live|here)\b")
_PHONE_HOURS = re.compile(r"(?i)\b(?:phone|call|ring|hotline|line|support|service|chat|customer care|e-?mail)\b")
_NEAR = 88
_PRICE_LIMIT = re.compile(
    r"(?i)\b(?:under|below|less than|up to|max(?:imum)?|not more than|around|about|within|budget of)\s*(?:of\s*)?"
    r"[€£$]?\s?(\d{2,4})"
)
_CATEGORY_WORDS = {
    Category.AUDIO: re.compile(r"(?i)\b(?:headphones?|headset|earbuds?|earphones?|speakers?|soundbar|music|audio)\b"),
    Category.KITCHEN: re.compile(
        r"(?i)\b(?:espresso|coffee (?:machine|maker|grinder)|grinder|kettle|toaster|blender|kitchen|smoothies?)\b"
    ),
    Category.HOME: re.compile(r"(?i)\b(?:vacuum|purifier|humidifier|lamp|light|scales?|air|home|bedroom|office)\b"),
    Category.CONSUMABLES: re.compile(r"(?i)\b(?:beans|filters?|refills?)\b"),
}
_MOST_SUGGESTED = 3
_COMPARES = re.compile(r"(?i)\b(?:or|between|versus|vs|difference|better)\b")


@cache
def country_names() -> dict[str, str]:
    """English names and short forms of countries, in lower case, to their ISO codes."""
    territories = Locale("en").territories
    named = {str(name).casefold(): code for code, name in territories.items() if len(code) == 2}  # noqa: PLR2004
    return named | {str(name).casefold(): name_code for name, name_code in _ALSO.items()}


def country_in(text: str) -> str | None:
    """The ISO code of the country that the words name, small typing mistakes forgiven."""
    names, lowered = country_names(), text.casefold()
    exact = [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", lowered)]
    if exact:
        return names[max(exact, key=len)]
    if re.search(r"\bUS\b|\bU\.S\.", text):
        return "US"
    words = [word for word in re.findall(r"[^\W\d_]+", lowered) if len(word) > 4]  # noqa: PLR2004 # "mail", "Mali"
    for word in words:
        if found := process.extractOne(word, list(names), scorer=fuzz.ratio, score_cutoff=_NEAR):
            return names[str(found[0])]
    return None


def place_words(code: str) -> str:
    """The country's name as it stands in a sentence."""
    name = str(Locale("en").territories.get(code, code))
    return f"the {name}" if name.startswith(("United", "Netherlands", "Canary", "Czech Republic")) else name


class ActionShippingRegion(ActionAnswerQuestion):
    """Whether we deliver to the country that is named (or the customer's own), with time, cost and the entry."""

    def name(self) -> str:
        return "action_shipping_region"

    async def perform(self, turn: Turn) -> list[EventType]:
        text = own_part(turn)
        code = country_in(text) or await self._own_country(turn, text)
        if code is None:
            return await super().perform(turn)
        country, postal_code = _SPANISH_ISLANDS.get(code, (code, None))
        region = region_for(country, postal_code)
        entry = await self.services.ladder.entry(region.policy or "")
        if entry is None:
            return await super().perform(turn)
        if isinstance(region, Refusal):
            turn.say("utter_ships_not", country=place_words(code))
        else:
            days, cost = f"{region.first_day} to {region.last_day}", money(region.cost)
            turn.say("utter_ships", country=place_words(code), days=days, cost=cost)
        return [*say_entry(turn, entry), *going_on(turn)]

    async def _own_country(self, turn: Turn, text: str) -> str | None:
        """Where the verified customer's last order went, if the question is about "my place"."""
        if not _HERE.search(text):
            return None
        orders = await asyncio.to_thread(self.services.backoffice.orders.orders_of, turn.conversation_id)
        return orders[0].address.country if orders else None


class ActionOpeningHours(ActionAnswerQuestion):
    """The hours of the day that is named; the entry for everything else."""

    def name(self) -> str:
        return "action_opening_hours"

    async def perform(self, turn: Turn) -> list[EventType]:
        text = own_part(turn)
        named = None if _PHONE_HOURS.search(text) else day_in(text, self.services.now())
        entry = await self.services.ladder.entry("store-hours") if named else None
        if named is None or entry is None:
            return await super().perform(turn)
        hours = await asyncio.to_thread(self.services.backoffice.appointments.open_on, named)
        if hours is None:
            turn.say("utter_closed_on", day=day(named))
        else:
            opens, closes = (f"{at:%H:%M}" for at in hours)
            turn.say("utter_open_on", day=day(named), opens=opens, closes=closes)
        return [*say_entry(turn, entry), *going_on(turn)]


class ActionStock(ActionAnswerQuestion):
    """Whether an article can be had now, and what else there is of its kind."""

    def name(self) -> str:
        return "action_stock"

    async def perform(self, turn: Turn) -> list[EventType]:
        found = await asyncio.to_thread(self._meant, turn)
        if not found:
            return await super().perform(turn)
        for view in found[:2]:
            await self._tell(turn, view)
        return [SlotSet("fallback_count", 0.0), *going_on(turn)]

    def _meant(self, turn: Turn) -> list[ProductView]:
        """The article in the entity, else in the words; several that fit alike are several answers."""
        catalogue = self.services.backoffice.catalogue
        for said in (turn.entity("product"), own_part(turn)):
            if said and (found := catalogue.find(said)):
                first = [view for view in found if _named(view.product.name, said)]
                if first:
                    return first
        return []

    async def _tell(self, turn: Turn, view: ProductView) -> None:
        product = view.product
        told = {"name": product.name, "price": money(product.price)}
        others = await asyncio.to_thread(self.services.backoffice.catalogue.instead_of, product.sku)
        told["others"] = words_of(others[:_MOST_SUGGESTED])
        response = f"utter_stock_{view.stock.value}"
        if view.stock is Stock.SOLD_OUT and not others:
            response = "utter_stock_sold_out_alone"
        data = {"kind": "stock", "sku": product.sku, "stock": view.stock.value}
        turn.say(response, data=data, name=told["name"], price=told["price"], others=told["others"])


class ActionSuggestProducts(ActionAnswerQuestion):
    """The knowledge's own advice first; where it has none, what there is of that kind, up to a price."""

    def name(self) -> str:
        return "action_suggest_products"

    async def perform(self, turn: Turn) -> list[EventType]:
        text = own_part(turn)
        category = next((one for one, words in _CATEGORY_WORDS.items() if words.search(text)), None)
        if category is None or _COMPARES.search(text):
            return await super().perform(turn)
        shelf = await asyncio.to_thread(self.services.backoffice.catalogue.shelf, category)
        kind = [view for view in shelf if _said_of(view.product.name, text)] or list(shelf)
        limit = _PRICE_LIMIT.search(text)
        fitting = [view for view in kind if not limit or view.product.price.minor <= int(limit[1]) * 100]
        if fitting:
            turn.say("utter_suggest", others=words_of(fitting[:_MOST_SUGGESTED]))
        elif kind and limit:
            turn.say("utter_suggest_none", limit=f"€{limit[1]}", others=words_of(kind[:1]))
        else:
            return await super().perform(turn)
        return [SlotSet("fallback_count", 0.0), *going_on(turn)]


def own_part(turn: Turn) -> str:
    """The part of the message that asks for this, where it asks for several things."""
    own, _ = requests_in(turn)
    return own.text if own else turn.text


def going_on(turn: Turn) -> list[EventType]:
    """The message's other requests, else what was going on."""
    _, others = requests_in(turn)
    return [FollowupAction("action_next_request")] if others else turn.moving_on()


def words_of(views: "tuple[ProductView, ...] | list[ProductView]") -> str:
    """``Pip earbuds (€89.00), Linnet speaker (€129.00, few left)``."""
    return ", ".join(
        f"{view.product.name} ({money(view.product.price)}{', few left' if view.stock is Stock.FEW_LEFT else ''})"
        for view in views
    )


def _named(name: str, said: str) -> bool:
    """Whether a whole word of the name is in the words: near spellings alone prove little in a sentence."""
    words = {word.rstrip("s") for word in re.findall(r"[a-z]{3,}", said.casefold())}
    return any(
        fuzz.ratio(part.rstrip("s"), word) >= _NEAR
        for part in re.findall(r"[a-z]{3,}", name.casefold())
        for word in words
    )


def _said_of(name: str, said: str) -> bool:
    """The article's kind, its last word: "headphones" of "Wren headphones"."""
    return name.casefold().rsplit(maxsplit=1)[-1].rstrip("s") in said.casefold()

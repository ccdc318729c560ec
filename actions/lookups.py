"""Questions whose answer is in the back office, not on a page: where we deliver, when we are open, what is there."""

import asyncio
import re
from dataclasses import replace

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.flows import start
from actions.journey.model import LAST_ORDER
from actions.order_facts import asks_of_an_order
from actions.order_status import ORDER_STATUS
from actions.part_lookups import (
    COSTS_OF_SERVICE,
    MOST_NAMED,
    of_the_shelf,
    tell_hours,
    tell_price,
    tell_stock,
    words_of,
)
from actions.places import SPANISH_ISLANDS, country_in, place_words
from actions.questions import ActionAnswerQuestion, say_entry
from actions.requests import more_is_asked, requests_in
from actions.safety import is_pressing
from actions.subject import articles_in, subject_before
from actions.transcript import question_before
from actions.turn import Turn
from actions.what_follows import what_was_arranged
from answering.follow_up import leans, says_nothing_alone
from backoffice.model.act import Refusal
from backoffice.model.product import Category
from backoffice.service.catalogue import ProductView
from backoffice.service.regions import region_for

_HERE = re.compile(r"(?i)\b(?:to|at) (?:me|my (?:place|address|home|house|door)|us|where i live|here)\b")
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
_WHEN_IT_COMES = re.compile(r"(?i)\bwhen\b.*\b(?:come|comes|coming|arriv\w*|delivered|here|reach\w*)\b")
_YES_OR_NO = re.compile(r"^(?:yes|no)[,.:]\s+(\w)", re.IGNORECASE)
_COMPARES = re.compile(r"(?i)\b(?:or|between|versus|vs|difference|better)\b")


class ActionShippingRegion(ActionAnswerQuestion):
    """Whether we deliver to the country that is named (or the customer's own), with time, cost and the entry."""

    def name(self) -> str:
        return "action_shipping_region"

    async def perform(self, turn: Turn) -> list[EventType]:
        text = own_part(turn)
        code = country_in(text) or await self._own_country(turn, text)
        if code is None:
            return await super().perform(turn)
        country, postal_code = SPANISH_ISLANDS.get(code, (code, None))
        region = region_for(country, postal_code)
        entry = await self.services.ladder.entry(region.policy or "")
        if entry is None:
            return await super().perform(turn)
        if isinstance(region, Refusal):
            turn.say("utter_ships_not", country=place_words(code))
        else:
            turn.say("utter_ships", country=place_words(code))  # time and cost stand in the entry
        entry = replace(entry, text=_YES_OR_NO.sub(_capital, entry.text, count=1))  # that was just said
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
        if not await tell_hours(self.services, turn, own_part(turn)):
            return await super().perform(turn)
        return [SlotSet("fallback_count", 0.0), SlotSet("pending_offer", None), *going_on(turn)]


class ActionStock(ActionAnswerQuestion):
    """Whether an article can be had now, and what else there is of its kind."""

    def name(self) -> str:
        return "action_stock"

    async def perform(self, turn: Turn) -> list[EventType]:
        if is_pressing(turn) or what_was_arranged(turn):
            return [FollowupAction("action_fallback")]
        if asks_of_an_order(turn):
            return start(turn, ORDER_STATUS)
        if turn.slot(LAST_ORDER) and not turn.active_form and _WHEN_IT_COMES.search(own_part(turn)):
            return start(turn, ORDER_STATUS)
        found = await asyncio.to_thread(self._meant, turn)
        if not found or not of_the_shelf(own_part(turn), found):
            return await super().perform(turn)
        for view in found[:2]:
            await tell_stock(self.services, turn, view)
        return [SlotSet("fallback_count", 0.0), *going_on(turn)]

    def _meant(self, turn: Turn) -> list[ProductView]:
        """The article in the entity, else in the words; several that fit alike are several answers."""
        catalogue = self.services.backoffice.catalogue
        named = turn.entities("product")
        several = [article for said in named for article in articles_in(said, catalogue)[:1]] if len(named) > 1 else []
        for found in (several, *(articles_in(said, catalogue) for said in (*named[:1], own_part(turn)))):
            if found:
                return list({view.product.sku: view for view in found}.values())
        before = subject_before(turn, catalogue) if self._means_what_was_before(turn) else None
        found = articles_in(before.words, catalogue) if before else []
        asked = question_before(turn) or ""
        of_a_part = articles_in(asked, catalogue) and not of_the_shelf(asked, found)
        return [] if of_a_part else found  # "it" may be the jug of a blender

    def _means_what_was_before(self, turn: Turn) -> bool:
        return leans(turn.text)


class ActionPrice(ActionStock):
    """What an article costs, from the catalogue; what anything else costs, from the knowledge."""

    def name(self) -> str:
        return "action_price"

    async def perform(self, turn: Turn) -> list[EventType]:
        if asks_of_an_order(turn):
            return start(turn, ORDER_STATUS)
        text = own_part(turn)
        found = [] if COSTS_OF_SERVICE.search(text) else await asyncio.to_thread(self._meant, turn)
        if not found or not of_the_shelf(text, found):
            return await ActionAnswerQuestion.perform(self, turn)
        if not _stock_is_asked_of_it(turn):
            tell_price(turn, found)
        return [SlotSet("fallback_count", 0.0), *going_on(turn)]

    def _means_what_was_before(self, turn: Turn) -> bool:
        return super()._means_what_was_before(turn) or says_nothing_alone(own_part(turn))


def _stock_is_asked_of_it(turn: Turn) -> bool:
    """Whether the next part is about the stock of the same article: that answer names its price, too."""
    return any(other.intent == "check_stock" and other.leans_on for other in requests_in(turn)[1])


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
            turn.say("utter_suggest", others=words_of(fitting[:MOST_NAMED]))
        elif kind and limit:
            turn.say("utter_suggest_none", limit=f"€{limit[1]}", others=words_of(kind[:1]))
        else:
            return await super().perform(turn)
        return [SlotSet("fallback_count", 0.0), *going_on(turn)]


def _capital(found: re.Match[str]) -> str:
    return found[1].upper()


def own_part(turn: Turn) -> str:
    """The part of the message that asks for this, where it asks for several things."""
    own, _ = requests_in(turn)
    return own.text if own else turn.text


def going_on(turn: Turn) -> list[EventType]:
    """The message's other requests, else what was going on."""
    return [FollowupAction("action_next_request")] if more_is_asked(turn) else turn.moving_on()


def _said_of(name: str, said: str) -> bool:
    """The article's kind, its last word: "headphones" of "Wren headphones"."""
    return name.casefold().rsplit(maxsplit=1)[-1].rstrip("s") in said.casefold()

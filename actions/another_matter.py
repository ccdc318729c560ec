"""Whether the words are about something else than what they sound like, which the fallback sees to."""

import asyncio

from actions.bootstrap import Services
from actions.notes import brings_a_note
from actions.offers import taken_up
from actions.order_facts import asks_of_an_order
from actions.orders_named import only_names_an_order
from actions.safety import is_pressing
from actions.turn import Turn
from actions.what_follows import what_was_arranged


async def is_another_matter(turn: Turn, services: Services) -> bool:
    """A danger, a misuse, a note, what was done or offered a moment ago, a fact of the order spoken of, or its name."""
    if is_pressing(turn) or brings_a_note(turn) or what_was_arranged(turn) or taken_up(turn) or asks_of_an_order(turn):
        return True
    return await asyncio.to_thread(only_names_an_order, turn, services)

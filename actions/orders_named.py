"""Orders named by what is in them: "where is my humidifier", and "and the headphones order?" after another one."""

import re
from collections.abc import Iterable

from actions.bootstrap import Services
from actions.journey.choosing import names, order_meant
from actions.journey.model import LAST_ORDER
from actions.subject import articles_in
from actions.turn import Turn
from answering.follow_up import says_nothing_alone
from backoffice.model.order_view import OrderView

_AN_ORDER = re.compile(r"(?i)\b(?:orders?|parcels?|packages?|delivery|one|things|stuff)\b")
_OTHER = re.compile(r"(?i)\b(?:an)?other\b")
_FIRST = re.compile(r"(?i)\b(?:first|original) (?:one|order|parcel|package)\b")
_BEFORE = re.compile(r"(?i)\b(?:previous|earlier|former) (?:one|order|parcel|package)\b|\bthe one before\b")
_WHERE_IS_OURS = re.compile(
    r"(?i)\b(?:where(?:'?s|’s| is| are| r)|when(?:'?s|’s| is| are| will| do| does| can| should))\s+(?:my|our)\b"
)
_ABOUT = re.compile(r"(?i)\b(?:what|how) about\b")
_NOW = re.compile(
    r"(?i)\b(?:now|at|new|please|pls|ordered|still|after all|right now|mate|guys|here|get here|due|there|"
    r"gonna|going to|arriv(?:e|ing|al)|com(?:e|ing)|(?:be )?delivered|turn(?:ing)? up|show(?:ing)? up|supposed to)\b"
)
_MOST_WORDS = 7
_SEVERAL = 2


def other_order(turn: Turn, services: Services) -> OrderView | None:
    """Another order of the verified customer that the words mean. Reads the back office."""
    last = turn.slot(LAST_ORDER)
    if turn.active_form or not last or len(turn.text.split()) > _MOST_WORDS or not _AN_ORDER.search(turn.text):
        return None
    others = [one for one in services.backoffice.orders.orders_of(turn.conversation_id) if one.number != last]
    if meant := order_meant(turn.text, others, services.now()):
        return next(one for one in others if one.number == meant)
    return others[0] if len(others) == 1 and _OTHER.search(turn.text) else None


def spoken_of_before(turn: Turn) -> str | None:
    """The number of the order that "the first one" or "the one before" means, of several spoken of."""
    first = _FIRST.search(turn.text)
    if turn.text.startswith("/") or not (first or _BEFORE.search(turn.text)):
        return None
    said = (event.get("value") for event in turn.tracker.events if event.get("name") == LAST_ORDER)
    numbers = [str(number) for number in dict.fromkeys(said) if number]
    if len(numbers) < _SEVERAL:
        return None
    return numbers[0] if first else [number for number in numbers if number != turn.slot(LAST_ORDER)][-1]


def only_names_an_order(turn: Turn, services: Services) -> bool:
    """Whether the words do nothing but name another order, or ask where an article of theirs is.

    This is so whatever their intent seems to be: an article's name says little of what is wanted of it.
    """
    if asks_where(turn, services):
        return True
    order = other_order(turn, services)
    if order is None:
        return False
    return _names_only(
        [line.name for line in order.lines], _ABOUT.sub(" ", _OTHER.sub(" ", _AN_ORDER.sub(" ", turn.text)))
    )


def asks_where(turn: Turn, services: Services) -> bool:
    """Whether the words end in asking where an order or an article of theirs is, or when it comes."""
    if turn.active_form or not (where := _WHERE_IS_OURS.search(turn.text)):
        return False
    named = turn.text[where.end() :]
    if len(named.split()) > _MOST_WORDS:
        return False
    rest = _NOW.sub(" ", _AN_ORDER.sub(" ", named))
    articles = [view.product.name for view in articles_in(rest, services.backoffice.catalogue)]
    return bool(articles or _AN_ORDER.search(named)) and _names_only(articles, rest)


def _names_only(articles: Iterable[str], text: str) -> bool:
    return says_nothing_alone(
        " ".join(word for word in text.split() if not any(names(article, word) for article in articles))
    )

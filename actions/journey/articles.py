"""Which articles of the order are meant: asked only where the order has several."""

import json
import re

from rasa_sdk.events import EventType

from actions.journey.asking import Asking
from actions.journey.choices import CHOICE
from actions.journey.choosing import names
from actions.journey.model import AGREED, PLAN, Case, Field, Heard, Journey
from actions.order_words import items_of
from backoffice.model.order import Line

ARTICLES = "articles"
_ALL = re.compile(r"(?i)\b(?:all|everything|both|whole|entire|complete)\b")
_LEFT_OUT = re.compile(
    r"(?i)(?:(?<!do )(?<!does )(?<!did )(?<!is )(?<!was )\bnot(?: to return| the| my| that| those| for)?"
    r"|\b(?:except|without|excluding|apart from|other than|keep(?:ing)?|(?<=all )but|(?<=everything )but))"
    r"(?! (?:only|just|want|need|like|happy|work\w*|what)\b)\s+.*?(?=[,;.]|\b(?:but|just|only)\b|$)"
)
"""An article that is named to be left out: "not the coffee, just the vacuum"."""


def read_articles(heard: Heard, case: Case) -> list[int] | None:
    """Line numbers; an empty order (nobody's) has none. What is said to stay is taken out of the rest."""
    order = case.order
    if order is None:
        return None
    numbers = [line.number for line in order.lines]
    button = heard.entities.get(CHOICE, "")
    if button in {f"line-{number}" for number in numbers}:
        return [int(button.removeprefix("line-"))]
    if button == "line-all":
        return numbers
    kept = " ".join(_LEFT_OUT.findall(heard.text))
    staying = [line.number for line in order.lines if names(line.name, kept)]
    meant = _LEFT_OUT.sub(" ", heard.text)
    named = [line.number for line in order.lines if names(line.name, meant) and line.number not in staying]
    others = [number for number in numbers if number not in staying]
    if _ALL.search(meant) or (staying and not named and len(others) == 1):
        return others or None
    return named or None


def has_several(case: Case) -> bool:
    return case.order is not None and len(case.order.lines) > 1


def lines_meant(case: Case) -> tuple[Line, ...]:
    """The lines that were chosen, all of them where there was nothing to choose."""
    lines = case.order.lines if case.order else ()
    return tuple(line for line in lines if line.number in (case[ARTICLES] or [line.number]))


ARTICLES_FIELD = Field(
    ARTICLES,
    read_articles,
    hint="utter_invalid_articles",
    wanted=has_several,
    named=re.compile(r"(?i)\b(?:article|item|product)s?\b"),
    clears=(AGREED, PLAN, "quantity", "opened"),
    stated=True,
)


class ActionAskArticles(Asking):
    """One button a line of the order, and one for everything."""

    slot = ARTICLES

    def ask(self, journey: Journey, case: Case) -> list[EventType]:
        del journey
        lines = case.order.lines if case.order else ()
        buttons = [_button(items_of((line,)), str(line.number)) for line in lines]
        case.turn.say("utter_ask_articles", buttons=[*buttons, _button("Everything", "all")])
        return []


def _button(title: str, value: str) -> dict[str, str]:
    return {"title": title, "payload": "/inform" + json.dumps({CHOICE: f"line-{value}"})}

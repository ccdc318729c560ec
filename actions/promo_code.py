"""Why a promotion code does not work."""

import re

from actions.bootstrap import Services
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import OPENING, Case, Field, Heard, Sentence
from actions.journey.open_journey import OpenJourney
from actions.order_words import day, money
from actions.subject import articles_in
from actions.turn import PERSON_BUTTON, Turn
from backoffice.model.act import Act
from backoffice.model.money import Money
from backoffice.model.promotion import Basket, WhyNot
from backoffice.service.promotions import PromotionDesk
from contracts.questions import asks

PROMO_CODE = "promo_code"
_WITH_DIGIT = re.compile(r"(?<![\w@.])(?=[A-Za-z-]*\d)(?=[\d-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![\w@])")
_CAPITALS = re.compile(r"(?<![\w@.])[A-Z][A-Z0-9-]{4,}(?![\w@])")
_NAMED = re.compile(r"(?i)\bcode\W+(?:is\W+|called\W+)?[\"'“]?([A-Za-z0-9-]{4,40})")
_ONE_WORD = re.compile(r"\W*([A-Za-z0-9-]{4,40})\W*")
_WORTH = re.compile(r"(?i)(?:€|\beuros?)\s?(\d{1,4}(?:[.,]\d\d)?)\b|\b(\d{1,4}(?:[.,]\d\d)?)\s?(?:€|euros?\b|eur\b)")
_SHORTEST = 5
_WORDS = frozenset(
    {
        "code", "codes", "doesn", "does", "didn", "isn", "wasn", "won", "keeps", "that", "from", "with", "what", "when",
        "thing", "discount", "voucher", "newsletter", "student", "invalid", "expired", "rejected", "refused", "anymore",
        "problem", "working", "works", "said", "says", "never", "nothing", "dunno", "forgot", "idea",
    }
)  # fmt: skip


def known_code_in(text: str, promotions: PromotionDesk) -> str | None:
    """A code for everybody, typed as codes are: in capitals or with digits. Whether a personal one is, is not told."""
    typed = (*_WITH_DIGIT.findall(text), *_CAPITALS.findall(text))
    return next((_as_typed(word) for word in typed if promotions.is_for_everybody(word)), None)


def speaks_of_a_code(turn: Turn, services: Services) -> bool:
    """Whether the words tell something of a code, and ask nothing that the knowledge would know of it."""
    return bool(known_code_in(turn.text, services.backoffice.promotions)) and not asks(turn.text)


def read_promo_code(heard: Heard, case: Case) -> str | None:
    """A code there is, else what looks like one: letters with digits, capitals in an ordinary sentence, an answer."""
    text = heard.text
    if known := known_code_in(text, case.backoffice.promotions):
        return known
    with_digit = [found for found in _WITH_DIGIT.findall(text) if len(found) >= _SHORTEST]
    if with_digit:
        return _as_typed(with_digit[0])
    if not text.isupper() and (capitals := _CAPITALS.findall(text)):
        return _as_typed(capitals[0])
    if (named := _NAMED.search(text)) and named[1].casefold() not in _WORDS and case.turn.requested_slot == PROMO_CODE:
        return _as_typed(named[1])
    alone = _ONE_WORD.fullmatch(text) if heard.intent in {"inform", "nlu_fallback", "promo_code_problem"} else None
    return _as_typed(alone[1]) if alone and alone[1].casefold() not in _WORDS else None


def _as_typed(code: str) -> str:
    return code.strip("-").upper()


def basket_in(case: Case) -> Basket:
    """What the customer's words tell of the basket: its value, what is in it, another code beside this one."""
    text = f"{case[OPENING] or ''} {case.turn.text}"
    text = "" if text.strip().startswith("/") else text
    worth = _WORTH.search(text)
    value = Money(round(float((worth[1] or worth[2]).replace(",", ".")) * 100), "EUR") if worth else None
    others = {_as_typed(found) for found in (*_WITH_DIGIT.findall(text), *_CAPITALS.findall(text))} - {case[PROMO_CODE]}
    known = any(case.backoffice.promotions.is_known(other) for other in others)
    skus = frozenset(view.product.sku for view in articles_in(text, case.backoffice.catalogue))
    return Basket(value=value, skus=skus, other_code=known)


class PromoCode(OpenJourney):
    name = "promo_code_problem"
    intents = frozenset({"promo_code_problem"})
    agrees = False
    fields = (
        Field(
            PROMO_CODE,
            read_promo_code,
            hint="utter_invalid_promo_code",
            another_way="utter_no_promo_code",
            looks_like=re.compile(r"\d"),
            named=re.compile(r"(?i)\bcode\b"),
        ),
    )

    def do(self, case: Case, act: Act, plan: None) -> Sentence:
        del act, plan
        code = case[PROMO_CODE]
        answer = case.backoffice.promotions.explain(case.conversation_id, code, basket_in(case))
        told = {
            "code": code,
            "percent": str(answer.percent or ""),
            "day": day(answer.day) if answer.day else "",
            "minimum": money(answer.minimum) if answer.minimum else "",
        }
        if answer.why is None:
            return Sentence("utter_promo_works", told, [PERSON_BUTTON])
        unknown = answer.why is WhyNot.UNKNOWN
        return Sentence(
            f"utter_promo_{answer.why.value}",
            told,
            [PERSON_BUTTON] if unknown else [],
            {"kind": "promo_code", "why": answer.why.value},
            offer="person" if unknown else None,
        )


PROMO_CODE_PROBLEM = PromoCode()


class ValidatePromoCodeForm(JourneyForm):
    journey = PROMO_CODE_PROBLEM


class ActionPromoCode(JourneyEnd):
    journey = PROMO_CODE_PROBLEM

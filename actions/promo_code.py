"""Why a promotion code does not work."""

import re

from actions.codes import CAPITALS, WITH_DIGIT, as_typed, known_code_before, known_code_in
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
from contracts.escalation.history import turns_in

PROMO_CODE = "promo_code"
_NAMED = re.compile(r"(?i)\bcode(?:\W+(?:is|called|named|says)\W+|\s*[:=]\s*|\s+(?=[\"'“]))[\"'“]?([A-Za-z0-9-]{4,40})")
_ONE_WORD = re.compile(r"\W*([A-Za-z0-9-]{4,40})\W*")
_WORTH = re.compile(r"(?i)(?:€|\beuros?)\s?(\d{1,4}(?:[.,]\d\d)?)\b|\b(\d{1,4}(?:[.,]\d\d)?)\s?(?:€|euros?\b|eur\b)")
_SHORTEST = 5
_MOMENT = 4  # turns
_WORDS = frozenset(
    {
        "code", "codes", "doesn", "does", "didn", "isn", "wasn", "won", "keeps", "that", "from", "with", "what", "when",
        "thing", "discount", "voucher", "newsletter", "student", "invalid", "expired", "rejected", "refused", "anymore",
        "problem", "working", "works", "said", "says", "never", "nothing", "dunno", "forgot", "idea", "here", "there",
        "error", "wrong", "gone", "over", "this", "same", "still", "just", "your", "mine", "always",
    }
)  # fmt: skip
_THAT_ONE = re.compile(r"(?i)\b(?:it|that|this)\b|^\W*(?:still|error)\b")
_FOR_THE_TROUBLE = re.compile(
    r"(?i)\b(?:discount\w*|money off|vouchers?|something off|\d+ ?% off|promo\w*)\b.*"
    r"\b(?:trouble|inconvenience|late|delay\w*|wait\w*|compensat\w*|apolog\w*|sorry|mess|hassle)\b"
    r"|\b(?:trouble|inconvenience|late|delay\w*|wait\w*|compensat\w*|apolog\w*|mess|hassle)\b.*"
    r"\b(?:discount\w*|money off|vouchers?|something off|\d+ ?% off)\b"
)


def for_the_trouble(turn: Turn) -> bool:
    """Whether something off is wanted because of what went wrong: there is no code to look at."""
    return bool(_FOR_THE_TROUBLE.search(turn.text)) and not CAPITALS.search(turn.text)


def read_promo_code(heard: Heard, case: Case) -> str | None:
    """A code there is, else what looks like one: letters with digits, capitals in an ordinary sentence, an answer."""
    text = heard.text
    if known := known_code_in(text, case.backoffice.promotions):
        return known
    with_digit = [found for found in WITH_DIGIT.findall(text) if len(found) >= _SHORTEST]
    if with_digit:
        return as_typed(with_digit[0])
    if not text.isupper() and (capitals := CAPITALS.findall(text)):
        return as_typed(capitals[0])
    if (named := _NAMED.search(text)) and named[1].casefold() not in _WORDS and case.turn.requested_slot == PROMO_CODE:
        return as_typed(named[1])
    if case.turn.requested_slot != PROMO_CODE and _THAT_ONE.search(text):
        return known_code_before(case.turn, case.backoffice.promotions)
    alone = _ONE_WORD.fullmatch(text) if heard.intent in {"inform", "nlu_fallback", "promo_code_problem"} else None
    return as_typed(alone[1]) if alone and alone[1].casefold() not in _WORDS else None


def basket_in(case: Case) -> Basket:
    """What the customer's words tell of the basket: its value, what is in it, another code beside this one."""
    text = f"{case[OPENING] or ''} {case.turn.text}"
    text = "" if text.strip().startswith("/") else text
    worth = _WORTH.search(text)
    value = Money(round(float((worth[1] or worth[2]).replace(",", ".")) * 100), "EUR") if worth else None
    others = {as_typed(found) for found in (*WITH_DIGIT.findall(text), *CAPITALS.findall(text))} - {case[PROMO_CODE]}
    known = any(case.backoffice.promotions.is_known(case.conversation_id, other) for other in others)
    skus = frozenset(view.product.sku for view in articles_in(text, case.backoffice.catalogue))
    return Basket(value=value, skus=skus, other_code=known)


def was_told(turn: Turn, response: str, code: str) -> bool:
    """Whether a customer who names the code once more heard this of it a moment ago: once more would not help."""
    past = turns_in(turn.tracker.events)[:-1]
    return any(response in one.replies and code.casefold() in one.text.casefold() for one in past[-_MOMENT:])


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
        response = f"utter_promo_{answer.why.value if answer.why else 'works'}"
        if was_told(case.turn, response, code):
            return Sentence("utter_promo_again", told, [PERSON_BUTTON], offer="person")
        if answer.why is None:
            return Sentence(response, told, [PERSON_BUTTON])
        unknown = answer.why is WhyNot.UNKNOWN
        return Sentence(
            response,
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

"""The fields every journey may have: the order, the address it was placed with, the yes and the code."""

import re

from actions.journey.choosing import number_meant, order_meant
from actions.journey.model import (
    AGREED,
    CODE,
    EMAIL,
    NO,
    ORDER_NUMBER,
    PLAN,
    RETRY,
    Case,
    Field,
    Heard,
    Journey,
    Sentence,
)  # fmt: skip
from actions.turn import PERSON_BUTTON
from backoffice.model.code import Level
from backoffice.parsing import parse_email, parse_order_number
from contracts.questions import asks

ANOTHER_CODE = "new"
"""Value of the code field when the customer wants another one."""

SURE = 0.7
"""Probability of "yes" from which it counts where the words are no plain yes."""

_UNSURE = re.compile(
    r"(?i)\?|^\W*(?:h+m+|u+h+m*|e+r+m*|wait|maybe|perhaps|not sure|i guess|let me|what|why|how|hold on|"
    r"one (?:moment|sec))\b"
)
_ON_CONDITION = re.compile(r"(?i)\b(?:but only|only if|unless|as long as|provided)\b")
_DIGITS = re.compile(r"\d")
_LIKE_A_NUMBER = re.compile(
    r"(?i)(?<!\w)[#]?\d(?!\s*(?:st|nd|rd|th|x|of|yrs?|years?|months?|weeks?|days?|hours?|hrs?|mins?|pieces?|pcs|"
    r"people|euros?|eur|€|%|pm|am)\b)"
)
"""Digits that may be meant for an order number; those of an age or an amount are not."""

_SPACED_NUMBER = re.compile(r"(?<![\w€£$+.,@])(?<!\d\s)(1\s?0[\s.\-]?\d\s?\d\s?\d)(?![\s.\-]?\d|\w)")
_CODE = re.compile(r"(?<!\d)(?:\d[ \-.]?){5}\d(?!\d)")
_ANOTHER_CODE = re.compile(
    r"(?i)\b(?:re-?send|send (?:it|me|the code)|(?:new|another|fresh) (?:one|code)"
    r"|(?:no|not|never|\w+n'?t) .{0,24}(?:code|mail|arriv)"
    r"|nothing (?:came|arrived|there|yet)|where is (?:it|the code))\b"
)
_CODE_OF_THE_SHOP = re.compile(r"(?i)\b(?:promo\w*|discount\w*|vouchers?|coupons?|newsletter)\b")
_ELSEWHERE = re.compile(
    r"(?i)\b(?:sms|text (?:me|it|message)|texted|by text|whats ?app|(?:to|by|via|over) (?:my |the )?(?:phone|mobile)|"
    r"call(?:ing)? me|ring me|(?:an)?other (?:e-?)?mail)\b"
)
"""Another way than the e-mail on file: a code never goes there."""

NOT_AS_READ_BACK = re.compile(
    r"(?i)\b(?:wrong|incorrect|mistaken?)\b"
    r"|(?:\bnot|n'?t)\b.{0,20}\b(?:right|correct|what i (?:meant?|want\w*|said|asked))\b"
    r"|\bi meant\b|\bshould (?:be|have been|read|say)\b"
)
"""What was read back is not what was meant: something is to be changed, whatever else the words sound like."""

CORRECTING = re.compile(
    r"(?i)^\W*(?:(?:no|nope|oh|ah|ok|hm+)\W+)*(?:wait|hold on|actually|sorry|oops|correction|i meant?|my mistake)\b"
    r"|\bi meant\b|\bshould (?:be|have been|read|say)\b|\bnot\b.+\b(?:but|it'?s)\b|\b(?:typo|mistyped|mistake)\b"
)
"""Words that announce another value in place of one that was told."""

_YES = re.compile(
    r"(?i)^\W*(?:y+e+[sp]+|yeah|yup|yep|sure|ok(?:ay)?|correct|right|exactly|please do|do it|go ahead|confirm(?:ed)?|"
    r"absolutely|that'?s (?:right|it|fine))\b"
)
_NO = re.compile(r"(?i)^\W*(?:no+|nope|nah|don'?t|do not|rather not|leave it|keep it|not (?:now|yet))\b")


def read_order(heard: Heard, case: Case) -> str | None:
    """The number, or the one of the customer's own orders that the words mean."""
    if case[ORDER_NUMBER] and asks(heard.text):
        return None  # "and where is 10043": another order, not a correction of this one
    spaced = _SPACED_NUMBER.search(heard.text) if heard.asked == ORDER_NUMBER else None
    number = number_meant(heard.text) or parse_order_number(heard.entities.get(ORDER_NUMBER, ""))
    number = number or ("".join(_DIGITS.findall(spaced[1])) if spaced else None)
    if number or (case[ORDER_NUMBER] and heard.intent != "correct_detail"):
        return number
    return order_meant(heard.text, case.orders, case.now)


def read_email(heard: Heard, _: Case) -> str | None:
    return parse_email(heard.entities.get(EMAIL) or heard.text)


def read_agreement(heard: Heard, case: Case) -> str | None:
    """The id of the message that says yes to the plan that was read back, or ``NO``."""
    if (button := heard.entities.get(PLAN)) is not None and button != case[PLAN]:
        return None  # an old button: what it stood for is not what would be done
    if NOT_AS_READ_BACK.search(heard.text):
        return None
    if heard.intent == "deny" or _NO.search(heard.text):
        return NO
    if PLAN not in heard.entities and (_UNSURE.search(heard.text) or _ON_CONDITION.search(heard.text)):
        return None
    if asks(heard.text):
        return None
    sure = heard.intent == "affirm" and (not heard.text or case.turn.intent_confidence >= SURE)
    return case.turn.message_id if sure or _YES.search(heard.text) else None


def explain_agreement(heard: Heard, _: Case) -> Sentence | None:
    """A yes on a condition is none: nobody would know whether it held."""
    return Sentence("utter_only_as_read_back") if _ON_CONDITION.search(heard.text) else None


def read_code(heard: Heard, _: Case) -> str | None:
    if wants_another_code(heard):
        return ANOTHER_CODE
    found = _CODE.search(heard.text)
    return "".join(_DIGITS.findall(found[0])) if found else None


def wants_another_code(heard: Heard) -> bool:
    """Whether another one-time code is wished for, by the button or in words that hold none."""
    if heard.entities.get(CODE) == ANOTHER_CODE:
        return True
    if _CODE.search(heard.text) or _ELSEWHERE.search(heard.text) or _CODE_OF_THE_SHOP.search(heard.text):
        return False
    return bool(_ANOTHER_CODE.search(heard.text))


def explain_code(heard: Heard, _: Case) -> Sentence | None:
    """A wish that a code come another way."""
    return Sentence("utter_code_only_by_mail", buttons=[PERSON_BUTTON]) if _ELSEWHERE.search(heard.text) else None


def read_retry(heard: Heard, _: Case) -> str | None:
    if heard.intent == "deny" or _NO.search(heard.text):
        return NO
    again = heard.intent in {"affirm", "inform"} or _YES.search(heard.text) or re.search(r"(?i)\bagain\b", heard.text)
    return "yes" if again else None


ORDER = Field(
    ORDER_NUMBER,
    read_order,
    hint="utter_invalid_order_number",
    another_way="utter_no_order_number",
    looks_like=_LIKE_A_NUMBER,
    named=re.compile(r"(?i)\border\b|(?<!house )(?<!street )(?<!door )\bnumber\b(?!\W*\d{1,4}[a-z]?\b)"),  # of no house
    clears=(AGREED, PLAN),
)
ADDRESS_OF_ORDER = Field(
    EMAIL,
    read_email,
    hint="utter_invalid_email",
    another_way="utter_no_email",
    looks_like=re.compile(r"@|\bat\b"),
    named=re.compile(r"(?i)mail"),
)
AGREEMENT = Field(
    AGREED,
    read_agreement,
    hint="utter_yes_or_no",
    another_way="utter_yes_or_no",
    unasked=False,
    explain=explain_agreement,
)
CODE_FIELD = Field(
    CODE,
    read_code,
    hint="utter_invalid_code",
    another_way="utter_no_code",
    unasked=False,
    looks_like=_DIGITS,
    answered_by=frozenset({"promo_code_problem"}),  # "send me a new code": there is another kind of code, too
    asked_about=re.compile(r"(?i)\b(?:what|which|why|where|how)\b.*\b(?:codes?|e-?mail|digits)\b"),
    explain=explain_code,
)
RETRY_FIELD = Field(RETRY, read_retry, hint="utter_yes_or_no", unasked=False)


def fields_of(journey: Journey) -> tuple[Field, ...]:
    """Every field of a journey, the shared ones included, in the order asked."""
    shared = {
        field.slot: field for field in (ORDER, ADDRESS_OF_ORDER, AGREEMENT, CODE_FIELD, RETRY_FIELD)
    }  # fmt: skip
    own = {field.slot: field for field in journey.fields}
    return tuple((own | {s: f for s, f in shared.items() if s not in own})[slot] for slot in journey.slots)


def wanted(field: Field, journey: Journey, case: Case) -> bool:
    """Whether a field of the access or the journey's own must still be known."""
    if field.slot in {ORDER_NUMBER, EMAIL} and journey.needs(case) is Level.NONE:
        return False
    if field.slot == ORDER_NUMBER:
        return journey.about_order or case.level is Level.NONE
    if field.slot == EMAIL:
        return case.level is Level.NONE
    return field.wanted(case)

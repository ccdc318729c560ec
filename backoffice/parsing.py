"""Order numbers, ticket numbers and e-mail addresses, found in what customers write."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

LONGEST_READ = 10_000
"""Characters of a message that are looked at; every pattern below takes time linear in them."""

_LABEL = r"(?:#|№|\b(?:order|purchase|number|no|nr|num|ord|it'?s|it is|is|was)\b)[\s.:#=\-]{0,5}"
_SPLIT_DIGITS = r"1[\s.\-]?0[\s.,\-]?\d[\s.\-]?\d[\s.\-]?\d"
_PLAIN = re.compile(r"(?<![\w@])10\d{3}(?![\w@])")
_GLUED = re.compile(r"(?i)(?:\border|\bno\.?|\bnr\.?|#|№)[\s_:.=\-]{0,5}(10\d{3})(?!\w)")
_SPACED = re.compile(rf"(?i){_LABEL}({_SPLIT_DIGITS})(?![\s.,\-]?\d|\w)")
_WHOLE = re.compile(rf"[^\w€£$+]*({_SPLIT_DIGITS})\W*")
_NEGATED = re.compile(r"(?i)\b(?:not|isn'?t|wasn'?t|instead of|rather than)\W+(?:\w+\W+){0,2}$")
_NEGATION_REACH = 40
_EMAIL_LIKE = re.compile(r"(?<!\S)\S+@\S+")
_PHONE_LIKE = re.compile(r"(?<!\w)(?:\+\s?\d|\(\s?\+?\d|00?[1-9])[\d\s()./\-]{5,}\d")
_AMOUNT_LIKE = re.compile(r"(?i)[€£$]\s?\d[\d.,]*+|(?<![\d.,])\d[\d.,]*+\s?(?:€|£|\$|eur\b|euros?\b|gbp\b|pounds?\b)")

_TICKET = re.compile(r"(?i)\bT\s?[-–#]?\s?([1-9]\d{5})(?!\w)")
_BARE_TICKET = re.compile(r"(?i)(?:\bticket\b\D{0,20}|^\W*)([1-9]\d{5})(?!\w)")

_NO_ADDRESS = r"\s<>()\[\]\"',;:|@"
_EMAIL = re.compile(rf"(?<![^{_NO_ADDRESS}])[^{_NO_ADDRESS}]{{1,64}}+\s?@\s?[^{_NO_ADDRESS}]{{1,255}}+")
_AT = r"\s?(?:[(\[{]\s?at\s?[)\]}]|\sat\s)\s?"
_DOT = r"\s?(?:[(\[{]\s?dot\s?[)\]}]|\sdot\s|\.)\s?"
_SPELT_EMAIL = re.compile(rf"(?i)(?<![\w.+\-])([\w.+\-]{{1,64}}+){_AT}([\w\-]{{1,63}}(?:{_DOT}[\w\-]{{1,63}}){{1,6}})")
_SPELT_DOT = re.compile(rf"(?i){_DOT}")


def parse_order_number(text: str) -> str | None:
    """The order number (five digits, starting with 10) that a customer's words name, or ``None``.

    "10046", "#10046", "order no. 10 046" and "not 10045, I meant 10046" are understood; phone numbers,
    amounts, e-mail addresses and longer numbers are not taken for one. A bare "10115 Berlin" is: only the
    dialogue can know that an address was asked for.
    """
    numbers = order_numbers_in(text)
    return numbers[0] if numbers else None


def order_numbers_in(text: str) -> tuple[str, ...]:
    """Every order number in the text, the likeliest first: those said to be wrong come last."""
    readable = _readable(text)
    whole = _WHOLE.fullmatch(readable)
    if whole:
        return (_digits(whole[1]),)
    for noise in (_EMAIL_LIKE, _AMOUNT_LIKE, _PHONE_LIKE):
        readable = noise.sub(_blank, readable)
    found = sorted(_candidates(readable).items())
    meant = [number for at, number in found if not _NEGATED.search(readable[max(0, at - _NEGATION_REACH) : at])]
    return tuple(dict.fromkeys([*meant, *(number for _, number in found)]))


def parse_ticket_number(text: str) -> str | None:
    """The ticket number in the text as ``T-123456``, or ``None``: "t 123456", "ticket 123456", "T-123456"."""
    readable = _readable(text)
    match = _TICKET.search(readable) or _BARE_TICKET.search(readable)
    return f"T-{match[1]}" if match else None


def parse_email(text: str) -> str | None:
    """The first valid e-mail address in the text, or ``None``; no look-up on the network.

    Forgives spaces around the @, brackets, a full stop at the end and "anna (at) example dot com". The part
    before the @ keeps its case; compare addresses by ``email_key``.
    """
    readable = _readable(text)
    for match in _EMAIL.finditer(readable):
        address = _valid("".join(match[0].split()))
        if address:
            return address
    for match in _SPELT_EMAIL.finditer(readable):
        address = _valid(f"{match[1]}@{_SPELT_DOT.sub('.', match[2])}")
        if address:
            return address
    return None


def email_key(address: str) -> str:
    """The form in which two spellings of one address are equal: no spaces, one case, one Unicode form."""
    return unicodedata.normalize("NFKC", "".join(address.split())).casefold()


def _candidates(readable: str) -> dict[int, str]:
    """Numbers by where they start."""
    found: dict[int, str] = {}
    for pattern in (_GLUED, _SPACED, _PLAIN):
        for match in pattern.finditer(readable):
            group = match.lastindex or 0
            found.setdefault(match.start(group), _digits(match[group]))
    return found


def _valid(candidate: str) -> str | None:
    try:
        return validate_email(candidate.strip(".!?*_`"), check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def _readable(text: str) -> str:
    """Compatibility forms (full-width digits, odd spaces) as plain ones, every decimal digit as ASCII.

    What cannot be seen (marks of direction, breaks without width) comes along when something is copied, and goes.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_READ])[:LONGEST_READ]
    return "".join(str(unicodedata.decimal(char, char)) for char in plain if unicodedata.category(char) != "Cf")


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())

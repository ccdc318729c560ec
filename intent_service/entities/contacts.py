"""E-mail addresses and phone numbers."""

import re
from collections.abc import Iterator

from email_validator import EmailNotValidError, validate_email
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

from intent_service.entities.model import Span

# generous on purpose: email-validator decides, and does it by the standard
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"“”'][^\s@<>()\[\],;:\"“”]*@[^\s@<>()\[\],;:\"'“”]+\.[^\s@<>()\[\],;:\"'“”]+")
_FEWEST_DIGITS = 7
_LONGEST_EMAIL = 254


def emails(text: str) -> Iterator[Span]:
    """Valid addresses; the value has its domain in lower case. No name server is asked."""
    for match in _EMAIL.finditer(text) if "@" in text else ():
        written = match[0].rstrip(".!?…")
        if len(written) > _LONGEST_EMAIL:
            continue
        try:
            # test_environment lets example.org and the like through: people do write them
            valid = validate_email(written, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            if not written.casefold().endswith((".example", ".invalid", ".localhost")):
                continue
            value = written
        else:
            value = valid.normalized
        yield Span("email", value.casefold(), match.start(), match.start() + len(written), "email-validator")


def phones(text: str, *, region: str) -> Iterator[Span]:
    """Numbers that could be dialled, as ``+353871234567``.

    Args:
        text: The message.
        region: ISO country whose numbers are written without a country code.
    """
    if sum(c.isdigit() for c in text) < _FEWEST_DIGITS:
        return
    for match in PhoneNumberMatcher(text, region, leniency=Leniency.POSSIBLE):
        # a long run of digits without + or 0 is a tracking or card number, not a call
        if match.raw_string.lstrip("(")[0] not in "+0":
            continue
        number = format_number(match.number, PhoneNumberFormat.E164)
        yield Span("phone", number, match.start, match.end, "phonenumbers")

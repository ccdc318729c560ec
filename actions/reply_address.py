"""Where a colleague may answer: an e-mail address, or a phone number."""

import re

from backoffice.parsing import parse_email
from backoffice.service.journeys import parse_phone

_HOME_REGION = "IE"
"""ISO code of the country whose way of writing phone numbers is taken where none is named."""

_PHONE = re.compile(r"\+?\d[\d\s().-]{6,}\d")


def read_reply_address(text: str) -> str | None:
    """The address, or the number in E.164 (``+353871234567``); ``None`` where the words hold neither."""
    if email := parse_email(text):
        return email
    found = _PHONE.search(text)
    return parse_phone(found[0], _HOME_REGION) if found else None

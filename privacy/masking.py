"""Personal data out of a text before it goes somewhere, and back into what comes from there: for its owner alone."""

import re
import string

from privacy.model import NAMES
from privacy.personal_data import PersonalData

_PLACEHOLDER = re.compile(rf"\[({'|'.join(map(re.escape, NAMES.values()))}) ([A-Z]{{1,2}})\]", re.IGNORECASE)


class Masking:
    """One turn's (or conversation's) masks. What they stand for is kept in this object only and goes with it.

    The same value gets the same placeholder, so that a model can tell two addresses apart: ``[e-mail A]``.
    """

    def __init__(self, personal_data: PersonalData) -> None:
        self._personal_data = personal_data
        self._placeholders: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """``text`` with each piece of personal data replaced by a placeholder."""
        found = [(find, self._placeholder(NAMES[find.kind], find.text)) for find in self._personal_data.find(text)]
        for find, placeholder in reversed(found):
            text = text[: find.start] + placeholder + text[find.end :]
        return text

    def restore(self, text: str) -> str:
        """``text`` with this object's placeholders turned back; one it has never given out stays as it is."""
        values = {placeholder.casefold(): value for value, placeholder in self._placeholders.items()}
        return _PLACEHOLDER.sub(lambda match: values.get(match[0].casefold(), match[0]), text)

    def _placeholder(self, name: str, value: str) -> str:
        if value not in self._placeholders:
            before = sum(mask.startswith(f"[{name} ") for mask in self._placeholders.values())
            self._placeholders[value] = f"[{name} {_letters(before)}]"
        return self._placeholders[value]


class Maskings:
    """Makes maskings; one a turn, so that nothing hidden for one customer is ever restored for another."""

    def __init__(self, personal_data: PersonalData) -> None:
        self._personal_data = personal_data

    def masking(self) -> Masking:
        """An empty masking."""
        return Masking(self._personal_data)


def _letters(number: int) -> str:
    """A, B … Z, AA, AB …"""
    high, low = divmod(number, len(string.ascii_uppercase))
    return (string.ascii_uppercase[high - 1] if high else "") + string.ascii_uppercase[low]

"""The plain masking: payment cards, bank accounts, e-mail addresses and telephones, by patterns and check digits."""

from string import ascii_uppercase

from retrieval.personal_data import Find, PersonalData


class PatternMasking:
    """Implements ``Masking``; order and ticket numbers stay, since tools need them and they prove nothing."""

    def __init__(self, personal: PersonalData) -> None:
        """Hide what ``personal`` finds."""
        self._personal = personal
        self._masks: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """See ``Masking.hide``."""
        found = self._personal.find(text)
        masks = [self._mask(find) for find in found]
        for find, mask in zip(reversed(found), reversed(masks), strict=True):
            text = text[: find.start] + mask + text[find.end :]
        return text

    def restore(self, text: str) -> str:
        """See ``Masking.restore``."""
        for hidden, mask in self._masks.items():
            text = text.replace(mask, hidden)
        return text

    def _mask(self, find: Find) -> str:
        """``[e-mail address A]``, and B for the next one; letters, since ``[1]`` is a source."""
        if find.text not in self._masks:
            before = sum(mask.startswith(f"[{find.kind} ") for mask in self._masks.values())
            self._masks[find.text] = f"[{find.kind} {ascii_uppercase[before % 26] * (1 + before // 26)}]"
        return self._masks[find.text]


class PatternPrivacy:
    """Implements ``Privacy``."""

    def __init__(self, personal: PersonalData) -> None:
        """Hide what ``personal`` finds."""
        self._personal = personal

    def masking(self) -> PatternMasking:
        """See ``Privacy.masking``."""
        return PatternMasking(self._personal)

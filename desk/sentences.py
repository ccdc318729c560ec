"""The gateway's own sentences, from a file."""

from pathlib import Path

import yaml

from desk.errors import DeskError

PERSON_PAYLOAD = "/request_human"


class Sentences:
    """Sentences by name; a missing one stops the start, not a conversation."""

    def __init__(self, texts: dict[str, str]) -> None:
        missing = sorted(NAMES - texts.keys())
        if missing:
            raise DeskError(f"the file of sentences lacks {', '.join(missing)}")
        self._texts = texts

    @classmethod
    def read(cls, path: Path) -> "Sentences":
        """From a YAML file of ``name: text``."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def say(self, sentence: str, /, **values: object) -> str:
        """One sentence with its values."""
        return self._texts[sentence].format(**values)

    def person_button(self, title: str = "talk_to_person") -> dict[str, str]:
        """The button that asks for a person."""
        return {"title": self.say(title), "payload": PERSON_PAYLOAD}


NAMES = frozenset(
    {
        "late", "gave_up", "queued", "queued_closed", "stopped_waiting", "nobody_came", "agent_joined", "agent_left",
        "back_to_bot", "closed", "for_person", "contact_kept", "file_kept", "talk_to_person", "try_again",
        "default_agent", "passed_on", "released", "colleague_says", "merged",
    }
)  # fmt: skip

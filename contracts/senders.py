"""Whose conversation a sender id of Rasa's names."""

import re

_OF_THE_GATEWAY = re.compile(r"c_[0-9a-f]{24}")

TEACHING = "teach-"
"""Prefix of a colleague's who teaches the bot in the console: no customer, no figure, nobody to be called."""


def is_of_the_gateway(sender: str) -> bool:
    """Whether only the gateway may speak in this conversation: its customer may have proved who they are."""
    return _OF_THE_GATEWAY.fullmatch(sender) is not None

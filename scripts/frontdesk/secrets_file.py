"""Secrets that the processes share, made once a checkout and readable by their owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from scripts.frontdesk.layout import read_dotenv

NAMES = (
    *("ACTIONS_SECRET", "DESK_SECRET", "DESK_IDENTITY_SECRETS", "DESK_DEMO_STAFF_PASSWORD"),
    *("INTENT_SERVICE_ADMIN_TOKEN", "RASA_AUTH_TOKEN"),
)
"""``ACTIONS_SECRET``: Rasa shows it to the action server with every call. ``DESK_SECRET``: the gateway shows it to
Rasa, and the action server to the gateway. ``DESK_IDENTITY_SECRETS``: the demo shop signs its customers in with it.
``DESK_DEMO_STAFF_PASSWORD``: the accounts of the demo shop's staff are made with it. ``INTENT_SERVICE_ADMIN_TOKEN``:
`make activate` shows it to the intent service to exchange the model. ``RASA_AUTH_TOKEN``: who reads conversations by
Rasa's own HTTP API shows it (the conversation runner, the simulator)."""


def shared_secrets(path: Path) -> dict[str, str]:
    """The secrets in ``path``; those that are missing are made and written there with mode 0600."""
    kept = read_dotenv(path)
    made = {name: secrets.token_urlsafe(32) for name in NAMES if not kept.get(name)}
    if made:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{name}={value}\n" for name, value in {**kept, **made}.items())
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    return {**kept, **made}

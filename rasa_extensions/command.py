"""``rasa`` with the token of its HTTP API out of the environment: everybody on a machine can read a command line.

``python -m rasa_extensions.command run …`` is ``rasa run … --auth-token=$RASA_AUTH_TOKEN``.
"""

from __future__ import annotations

import os
import sys


def with_token(arguments: list[str], token: str) -> list[str]:
    """Rasa's arguments with the token, in one word: a token that begins with a dash would be read as an option.

    Raises:
        SystemExit: there is none, and the HTTP API would tell everybody every conversation.
    """
    if not token:
        raise SystemExit(
            "RASA_AUTH_TOKEN is empty. `make run` sets one; elsewhere set it, and pass it to whoever asks Rasa's API."
        )
    return [*arguments, f"--auth-token={token}"]


if __name__ == "__main__":
    from rasa.__main__ import main

    sys.argv = with_token(sys.argv, os.environ.get("RASA_AUTH_TOKEN", ""))
    main()

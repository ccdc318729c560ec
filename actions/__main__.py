"""``python -m actions``: the action server."""

import sys

from pydantic import ValidationError

from actions.server import build_app
from actions.settings import Settings
from telemetry.logs import configure
from telemetry.wrong_settings import sentences_of


def main() -> None:
    """Serve until stopped. One process: rasa-sdk's own start would pickle the actions into a worker."""
    try:
        settings = Settings()
        configure("actions", level=settings.log_level)
        app = build_app(settings)
    except ValidationError as error:
        sys.exit(sentences_of(error))
    except ValueError as error:
        sys.exit(str(error))
    app.run(settings.host, settings.port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()

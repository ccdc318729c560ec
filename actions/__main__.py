"""``python -m actions``: the action server."""

import sys

from actions.server import build_app
from actions.settings import Settings
from telemetry.logs import configure


def main() -> None:
    """Serve until stopped. One process: rasa-sdk's own start would pickle the actions into a worker."""
    settings = Settings()
    configure("actions", level=settings.log_level)
    try:
        app = build_app(settings)
    except ValueError as error:
        sys.exit(str(error))
    app.run(settings.host, settings.port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()

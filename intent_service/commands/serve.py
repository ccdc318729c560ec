"""Serve a trained model over HTTP."""

import argparse
import sys

HELP = "serve the current model over HTTP"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All settings come from the environment; two are handy on the command line."""
    parser.add_argument("--host", help="address to listen on (INTENT_SERVICE_HOST)")
    parser.add_argument("--port", type=int, help="port to listen on (INTENT_SERVICE_PORT)")


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    import uvicorn

    from intent_service.bootstrap import build_app
    from intent_service.settings import IntentServiceSettings
    from telemetry.logs import configure

    # a pass that is over must not wait 5 ms for the thread that reads requests (8 clients: a tenth more a second)
    sys.setswitchinterval(0.0005)
    given = {name: getattr(arguments, name) for name in ("host", "port") if getattr(arguments, name) is not None}
    settings = IntentServiceSettings(**given)
    configure("intent_service", level=settings.log_level)
    reasons: list[str] = []

    def stop(reason: str) -> None:
        reasons.append(reason)
        server.should_exit = True

    config = uvicorn.Config(
        build_app(settings, on_unusable=stop),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
    )
    server = uvicorn.Server(config)
    server.run()
    if reasons:
        print(reasons[0], file=sys.stderr)
        return 1
    return 0

"""Put a trained version into service without a restart."""

import argparse
import os
import sys
from pathlib import Path

HELP = "hand a version to the running service; requests that are running end with the version they began with"
_SECONDS = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which version, and where the service is."""
    parser.add_argument("version", nargs="?", help="a folder of models/intent (default: the one that is current there)")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder with intent/ and encoder/")
    url = os.environ.get("INTENT_SERVICE_URL") or "http://127.0.0.1:8001"
    parser.add_argument("--url", default=url, help="base address of the service (default: INTENT_SERVICE_URL)")


def run(arguments: argparse.Namespace) -> int:
    """Ask the service and say what it serves now."""
    import httpx

    from intent_service.artefact import current_version

    if not arguments.url.startswith(("http://", "https://")):
        print(f"The address {arguments.url!r} must begin with http:// or https://", file=sys.stderr)
        return 1
    version = arguments.version or current_version(arguments.models)
    token = os.environ.get("INTENT_SERVICE_ADMIN_TOKEN", "")
    if not token:
        print("Set INTENT_SERVICE_ADMIN_TOKEN to the token that the service was started with.", file=sys.stderr)
        return 1
    try:
        answer = httpx.post(
            f"{arguments.url}/models/activate",
            json={"version": version},
            headers={"authorization": f"Bearer {token}"},
            timeout=_SECONDS,
            trust_env=False,
        )
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        print(f"The intent service at {arguments.url} does not answer ({type(error).__name__}).", file=sys.stderr)
        return 1
    if answer.is_error:
        print(f"Not activated: {told['error']['message']}", file=sys.stderr)
        return 1
    print(f"The intent service serves {told['model']} now (before: {told['previous'] or 'none'}).")
    return 0

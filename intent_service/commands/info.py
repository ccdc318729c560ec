"""Say what models there are and what the current one is."""

import argparse
import json
from pathlib import Path

HELP = "list the trained versions and describe one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which model."""
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder with intent/ and encoder/")
    parser.add_argument("--version", help="describe this version instead of the current one")


def run(arguments: argparse.Namespace) -> int:
    """Print the versions, then the manifest of one, after checking its files."""
    from intent_service.artefact import MODEL_FILES, current_version, read_manifest, version_folder, versions

    current = current_version(arguments.models)
    for version in versions(arguments.models):
        print(f"{'*' if version == current else ' '} {version}")
    folder = version_folder(arguments.models, arguments.version or current)
    manifest = read_manifest(folder, required=MODEL_FILES)
    shown = {key: value for key, value in manifest.items() if key not in {"files", "labels"}}
    print(json.dumps({**shown, "labels": len(manifest["labels"])}, indent=2, ensure_ascii=False))
    return 0

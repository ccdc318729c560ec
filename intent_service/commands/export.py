"""Export the untouched sentence encoder, or pack a trained version into one file."""

import argparse
import tarfile
from pathlib import Path

HELP = "export the sentence encoder for /embed, or pack a version with --pack"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to export."""
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder with intent/ and encoder/")
    parser.add_argument("--pack", type=Path, metavar="FILE.tar.gz", help="write encoder and version into this file")
    parser.add_argument("--version", help="the version to pack; the current one by default")


def run(arguments: argparse.Namespace) -> int:
    """Export what is missing, or pack what is there after checking it."""
    from intent_service.artefact import (
        ENCODER_FILES,
        MODEL_FILES,
        current_version,
        encoder_folder,
        read_manifest,
        version_folder,
    )

    if arguments.pack is None:
        from intent_service.training.base_encoder import ensure_base_encoder

        print(f"The sentence encoder is in {ensure_base_encoder(arguments.models)}.")
        return 0
    version = arguments.version or current_version(arguments.models)
    folders = {
        version_folder(arguments.models, version): MODEL_FILES,
        encoder_folder(arguments.models): ENCODER_FILES,
    }
    with tarfile.open(arguments.pack, "w:gz") as archive:
        for folder, required in folders.items():
            read_manifest(folder, required=required)
            archive.add(folder, arcname=folder.relative_to(arguments.models).as_posix())
    print(f"{version} and its encoder are in {arguments.pack}; unpack it inside a models folder.")
    return 0

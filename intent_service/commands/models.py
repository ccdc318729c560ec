"""What the commands that work on a trained model share."""

from pathlib import Path

from intent_service.service import Understanding


def open_model(models: Path, version: str | None) -> Understanding:
    """A version, or the current one, ready to judge.

    Raises:
        ModelUnusable: it was refused.
    """
    from intent_service.artefact import current_version
    from intent_service.bootstrap import load_understanding, local_clock
    from intent_service.language import load_identifier
    from intent_service.settings import IntentServiceSettings

    settings = IntentServiceSettings(models_dir=models)
    chosen = version or current_version(models)
    return load_understanding(settings, chosen, load_identifier, local_clock(settings))

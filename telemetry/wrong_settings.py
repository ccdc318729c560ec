"""Wrong settings, told in sentences that name the variable and never its value, which may be a secret."""

from pydantic import ValidationError
from pydantic_settings import BaseSettings

_OF_PYDANTIC = "Value error, "


def sentences_of(error: ValidationError) -> str:
    """One line a fault: ``The setting DESK_PORT: Input should be a valid integer, …``."""
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    return "\n".join(_sentence(error.title, fault["loc"], fault["msg"].removeprefix(_OF_PYDANTIC)) for fault in faults)


def _sentence(title: str, place: tuple[int | str, ...], said: str) -> str:
    if not place:  # a rule over several settings names them itself
        return said
    return f"The setting {_variable(title, '_'.join(map(str, place)))}: {said}."


def _variable(title: str, name: str) -> str:
    """A field is read with its class's prefix, an alias as it stands."""
    known = (one for one in BaseSettings.__subclasses__() if one.__name__ == title and name in one.model_fields)
    return next((f"{one.model_config['env_prefix']}{name}" for one in known), name).upper()

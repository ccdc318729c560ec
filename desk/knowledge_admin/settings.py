"""The answer ladder's bands and the folder for uploads, as the editor needs them.

The bands are the action server's own settings (``ANSWERING_…``): the desk may not import that room, so it reads the
same environment, with the same defaults (a test compares).
"""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Bands(BaseSettings):
    """From which relevance an entry is told, and from which it is offered as a button."""

    model_config = SettingsConfigDict(env_prefix="ANSWERING_", frozen=True, extra="ignore")

    answer_at: float = Field(default=0.75, ge=0, le=1)
    suggest_at: float = Field(default=0.25, ge=0, le=1)


UPLOADS = Path("var/knowledge-uploads")
"""Files that were imported in the console; their entries' sources point here, so an import is repeatable."""

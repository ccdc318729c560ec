"""The action server's composition root: made once at start, used by every action."""

from dataclasses import dataclass

from answering.bootstrap import build_ladder
from answering.ladder import Ladder
from answering.settings import Settings as AnsweringSettings
from backoffice.bootstrap import build_backoffice
from backoffice.facade import Backoffice

from backoffice.settings import Settings as BackofficeSettings


@dataclass(frozen=True, slots=True)
class Services:
    """What actions call."""

    ladder: Ladder
    backoffice: Backoffice


class _Process:
    services: Services | None = None


def build_services() -> Services:
    """Connect to the knowledge index and the back office as the environment says."""
    return Services(ladder=build_ladder(AnsweringSettings()), backoffice=build_backoffice(BackofficeSettings()))


def services() -> Services:
    """The process's services; the first caller makes them."""
    if _Process.services is None:
        _Process.services = build_services()
    return _Process.services

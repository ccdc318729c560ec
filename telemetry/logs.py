"""One JSON line an event, with the ids bound to the request and never a message's text above debug level."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from privacy.model import IN_DOCUMENTS
from privacy.personal_data import PersonalData

_FINDER = PersonalData(kinds=IN_DOCUMENTS)
_NEVER_PERSONAL = frozenset({"event", "level", "timestamp", "process", "logger"})


def without_personal_data(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cards, accounts, e-mails and telephones out of every value but ids: the text of an error may quote anything."""
    for key, value in event.items():
        if isinstance(value, str) and key not in _NEVER_PERSONAL and not key.endswith("_id"):
            event[key] = _FINDER.hidden(value)
    return event


def configure(process: str, *, level: str = "INFO") -> None:
    """Send structlog's and the standard library's records to stderr as JSON lines that name the process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        without_personal_data,
    ]
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("alembic").setLevel(max(logging.WARNING, root.level))  # else two lines at each /ready
    structlog.contextvars.bind_contextvars(process=process)

"""The tools that may be called, and the one place where a call is read, admitted and answered."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from pydantic import ValidationError

from answering.errors import KnowledgeUnavailable
from answering.llm.model import ToolCall, ToolSpec
from answering.model import Proposal
from answering.tools.metrics import TOOL_CALLS
from answering.tools.model import Caller, Result, Tool
from answering.tools.schema import strict_schema
from backoffice.errors import BackofficeUnavailable
from backoffice.service.access import AccessDesk

logger = structlog.get_logger()

NOT_VERIFIED = (
    "Refused: the customer of this conversation has not proved who they are. Tell nothing about any order. "
    "They are offered a button that starts the check of order number and e-mail address."
)
_UNAVAILABLE = "This cannot be looked up right now. Do not guess; say that it cannot be looked up."


class Toolbox:
    """Calls tools by name for a caller, whatever a model wrote; every failure is an answer, too."""

    def __init__(self, tools: Iterable[Tool[Any]], access: AccessDesk) -> None:
        """Offer ``tools``; ``access`` knows who a conversation is with."""
        self._tools = {tool.name: tool for tool in tools}
        self._access = access
        self.specs: Sequence[ToolSpec] = tuple(
            ToolSpec(tool.name, tool.description, strict_schema(tool.arguments)) for tool in self._tools.values()
        )

    async def call(self, call: ToolCall, caller: Caller) -> list[Result]:
        """What the tool says; a call that cannot be made says why, in words for the model."""
        results, outcome = await self._answered(call, caller)
        known = call.name if call.name in self._tools else "unknown"
        TOOL_CALLS.labels(known, outcome).inc()
        logger.info("tool.called", tool=known, outcome=outcome)
        return results

    async def _answered(self, call: ToolCall, caller: Caller) -> tuple[list[Result], str]:
        tool = self._tools.get(call.name)
        if tool is None:
            return [Result(f"There is no such tool. There are: {', '.join(self._tools)}.", failed=True)], "unknown"
        try:
            arguments = tool.arguments.model_validate_json(call.arguments or "{}")
        except ValidationError as error:
            told = f"The arguments do not fit: {_explained(error)}. Nothing was done."
            return [Result(told, failed=True)], "bad_arguments"
        try:
            if tool.needs_customer and not await self._verified(caller):
                return [_refused(arguments)], "refused"
            return await tool.call(arguments, caller), "done"
        except (KnowledgeUnavailable, BackofficeUnavailable) as error:
            logger.warning("tool.unavailable", tool=tool.name, error=type(error).__name__)
            return [Result(_UNAVAILABLE, failed=True)], "unavailable"

    async def _verified(self, caller: Caller) -> bool:
        """Asked anew for each call, of the back office and of nobody else."""
        return await asyncio.to_thread(self._access.verified_customer, caller.conversation_id) is not None


def _refused(arguments: Any) -> Result:
    return Result(NOT_VERIFIED, proposals=(Proposal("show_order", getattr(arguments, "order_number", None)),))


def _explained(error: ValidationError) -> str:
    """Which field, and what of it; never what was written there."""
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'JSON'}: {one['msg']}" for one in error.errors()[:3])

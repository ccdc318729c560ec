"""A language model's lines above the template's, where there are any; they always say who wrote them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from actions.transcript import history_of

if TYPE_CHECKING:
    from actions.handoff.model import Handoff
    from actions.turn import Turn
    from answering.generation.handoff_summary import Summaries

_WRITTEN_BY = "Summary written by a language model ({model}), not checked by a person:"
_FROM_THE_RECORD = "From the record:"


async def summed_up(handoff: Handoff, turn: Turn, summaries: Summaries | None) -> Handoff:
    """``handoff`` with the model's summary first; as it was where no model writes one in time."""
    if summaries is None:
        return handoff
    summary = await summaries.of(turn.conversation_id, history_of(turn, with_this_message=True))
    if summary is None:
        return handoff
    head = _WRITTEN_BY.format(model=summary.model)
    return replace(handoff, summary=f"{head}\n{summary.text}\n\n{_FROM_THE_RECORD}\n{handoff.summary}")

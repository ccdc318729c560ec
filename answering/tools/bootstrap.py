"""All the tools together."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from answering.tools.catalogue import CheckStock, ProductDetails, SuggestProducts
from answering.tools.delivery import ShippingTo
from answering.tools.knowledge import SearchKnowledge
from answering.tools.model import Effect, Tool
from answering.tools.orders import CheckRefund, LookUpOrder, StartRefund
from answering.tools.people import AskColleague, CreateTicket, FinishChat, HandOver
from answering.tools.toolbox import Toolbox
from backoffice.bootstrap import Backoffice
from retrieval.ports import KnowledgeIndex

ALL: frozenset[Effect] = frozenset({"reads", "proposes", "ends"})


def build_toolbox(
    index: KnowledgeIndex, backoffice: Backoffice, *, now: Callable[[], datetime], effects: Iterable[Effect] = ALL
) -> Toolbox:
    """The tools of these effects over the knowledge and the back office."""
    catalogue = backoffice.catalogue
    tools: list[Tool[Any]] = [
        SearchKnowledge(index, now=now),
        LookUpOrder(backoffice), CheckRefund(backoffice), StartRefund(backoffice),
        ShippingTo(), ProductDetails(catalogue), CheckStock(catalogue), SuggestProducts(catalogue),
        CreateTicket(), AskColleague(), HandOver(), FinishChat(),
    ]  # fmt: skip
    wanted = frozenset(effects)
    return Toolbox([tool for tool in tools if tool.effect in wanted], backoffice.access)

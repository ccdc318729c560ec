"""What no conversation with the healthy demo shop can bring about: time that passes, colleagues' work, odd stock."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.bootstrap import Services
from actions.change_address import CHANGE_ADDRESS
from actions.contact_details import CONTACT_DETAILS
from actions.fallback import ActionFallback
from actions.handoff.desk_else_ticket import DeskElseTicket
from actions.handoff.handing_over import EXPLAINED, hand_over
from actions.handoff.model import Accepted, Handoff
from actions.handoff.tickets import TicketHandoffs
from actions.journey.model import Case
from actions.lookups import ActionStock
from actions.missing_parcel import MISSING_PARCEL
from actions.person import ActionRequestHandoff
from actions.return_item import RETURN_ITEM
from actions.turn import DeskAction, Turn
from answering.model import Answer, Citation
from backoffice.model.act import Reason as Why
from backoffice.model.act import Refusal
from backoffice.service.catalogue import CatalogueDesk
from contracts.escalation.model import Reason
from tests.actions.conftest import Clock, Run, ScriptedLadder
from tests.actions.dialogue_files import read_domain
from tests.actions.journey_player import Player

AOIFE = "aoife.brennan@example.com"
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def player(services: Services) -> Player:
    return Player(services)


@pytest.fixture
def case(services: Services) -> Case:
    """A journey of a stranger about an order that is nobody's."""

    class Nobody:
        conversation_id = "anna"

    return Case(Nobody(), services.backoffice, {"order_number": "10099"}, services.now())  # type: ignore[arg-type]


async def test_a_plan_that_has_changed_is_read_back_anew(player: Player, clock: Clock) -> None:
    await player.says(f"cancel 10041 {AOIFE}", "cancel_order")
    clock.at += timedelta(days=2)  # the money would be sent on another day now
    assert (await player.says("yes", "affirm"))[0] == "utter_plan_changed"
    assert player.form == "cancel_order_form"


async def book_drop_off(player: Player, when: str) -> list[str]:
    await player.says(f"repair drop off {when}", "book_appointment")
    await player.says("Maeve Kelly")
    return await player.says("maeve@example.com")


async def test_a_time_that_goes_by_before_the_yes_is_not_booked(player: Player, clock: Clock) -> None:
    await book_drop_off(player, "today at 3pm")
    clock.at += timedelta(hours=4)
    assert (await player.clicks("Yes"))[0] == "utter_appointment_passed"


async def test_a_workshop_is_not_cancelled_within_its_last_day(player: Player, clock: Clock) -> None:
    await player.says("coffee workshop on wednesday at 17:00 for two people", "book_appointment")
    await player.says("Orla Byrne")
    await player.says("orla@example.com")
    await player.clicks("Yes")
    clock.at = WEDNESDAY
    assert (await player.says("cancel my appointment", "cancel_appointment"))[0] == "utter_booking_too_late"


async def test_a_code_before_its_first_day_is_said_to_be_early(player: Player, clock: Clock) -> None:
    clock.at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert await player.says("BLACKWEEK is refused", "promo_code_problem") == ["utter_promo_not_yet"]


async def test_an_article_without_others_of_its_kind_is_sold_out_alone(run: Run, services: Services) -> None:
    only = [view.product for view in services.backoffice.catalogue.find("Heron soundbar", limit=1)]
    alone = replace(services, backoffice=replace(services.backoffice, catalogue=CatalogueDesk(products=lambda: only)))
    said = await run(ActionStock, "is the heron soundbar there", intent="check_stock", services=alone)
    assert said.responses == ["utter_stock_sold_out_alone"]


@pytest.mark.parametrize(
    ("text", "intent", "offer"),
    [
        ("how soon do parcels come in general", "order_status", "utter_offer_order_status"),
        ("how fast does a ticket get an answer", "ticket_status", "utter_offer_ticket_status"),
    ],
)
async def test_after_a_general_answer_the_own_matter_is_offered(
    player: Player, ladder: ScriptedLadder, text: str, intent: str, offer: str
) -> None:
    ladder.reply = Answer("entry", "Two days.", (Citation("known", "How long it takes"),), relevance=0.9)
    assert await player.says(text, intent) == ["utter_answer", offer]


async def test_a_ticket_opened_by_a_button_is_asked_what_it_is_about(player: Player) -> None:
    await player.says("a person please", "request_human")
    player.form = None
    assert await player.says("/ticket_status", "ticket_status") == ["utter_ask_ticket_wish"]


@pytest.mark.parametrize(
    ("state", "response"), [("resolved", "utter_ticket_is_resolved"), ("waiting", "utter_ticket_is_waiting")]
)
async def test_what_colleagues_made_of_a_ticket_is_told(
    player: Player, tmp_path: Path, state: str, response: str
) -> None:
    await player.says("a person please", "request_human")
    player.form = None
    with sqlite3.connect(tmp_path / "demo.db") as book:
        book.execute("UPDATE tickets SET state = ?", (state,))
    assert await player.says("how is my ticket", "ticket_status") == [response]


def test_refusals_that_no_demo_order_meets_have_their_words(case: Case) -> None:
    told = [
        CHANGE_ADDRESS.refused(case, Refusal(Why.PO_BOX)),
        CONTACT_DETAILS.refused(case, Refusal(Why.WRONG_CODE)),
        MISSING_PARCEL.refused(case, Refusal(Why.NOT_FOUND)),
        RETURN_ITEM.refused(case, Refusal(Why.NOT_FOUND)),
        RETURN_ITEM.refused(case, Refusal(Why.NOT_RETURNABLE)),
    ]
    assert [sentence.response for sentence in told] == [
        "utter_address_po_box",
        "utter_new_email_not_proved",
        "utter_refused_not_found",
        "utter_return_refused_not_found",
        "utter_return_refused_not_returnable",
    ]


HANDOFFS = {
    Reason.NOT_UNDERSTOOD: "utter_handoff_not_understood",
    Reason.UNRESOLVED: "utter_handoff_unresolved",
    Reason.VERY_NEGATIVE: "utter_handoff_very_negative",
}


class HandsOver(DeskAction):
    reason = Reason.ASKED_FOR_PERSON

    def name(self) -> str:
        return "action_hands_over"

    async def perform(self, turn: Turn) -> Any:
        return await hand_over(self.services, turn, reason=self.reason)


@pytest.mark.parametrize("reason", sorted(EXPLAINED))
async def test_what_the_customer_did_not_ask_for_is_explained(run: Run, reason: Reason) -> None:
    action = type("HandsOver", (HandsOver,), {"reason": reason})
    said = await run(action, "hm")
    assert said.responses[0] == HANDOFFS.get(reason, f"utter_handoff_{reason.value}")
    assert set(said.responses) <= read_domain()["responses"].keys()


async def test_between_two_requests_it_is_asked_which(run: Run) -> None:
    scores = [{"name": "cancel_order", "confidence": 0.42}, {"name": "return_item", "confidence": 0.38}]
    said = await run(ActionFallback, "I don't want it any more", intent_ranking=scores)
    assert said.responses == ["utter_which_of_these"]


async def test_without_the_intent_service_what_is_not_understood_is_said_to_be_so(run: Run) -> None:
    said = await run(ActionFallback, "hm the thing", nlu_status="down")
    assert said.responses == ["utter_understanding_down"]


@dataclass
class ClosedDesk:
    async def take(self, _: Handoff) -> Accepted:
        return Accepted("chat", opening="We are back on Monday.")


async def test_out_of_hours_the_desk_says_when_it_opens(run: Run, services: Services) -> None:
    closed = replace(services, handoffs=DeskElseTicket(ClosedDesk(), TicketHandoffs(services.backoffice.tickets)))
    said = await run(ActionRequestHandoff, "a person please", intent="request_human", services=closed)
    assert said.responses == ["utter_handed_to_desk_closed"]


async def test_a_verified_customers_ticket_needs_no_address(player: Player) -> None:
    await player.says(f"where is 10046 {AOIFE}", "order_status")
    assert await player.says("a person please", "request_human") == ["utter_ticket_opened_known_customer"]

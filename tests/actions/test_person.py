"""Bringing in a person."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bare_facts import ActionTakeInformation
from actions.bootstrap import Services
from actions.fallback import ActionFallback
from actions.flows import ActionStartFlow
from actions.handoff.desk_else_ticket import DeskElseTicket
from actions.handoff.model import Accepted, Handoff
from actions.handoff.ports import DeskUnavailable
from actions.handoff.tickets import TicketHandoffs
from actions.person import (
    ActionAcceptOffer,
    ActionRequestHandoff,
    ActionSaveContact,
    ActionWarnAbuse,
    ValidateContactForm,
)
from answering.errors import KnowledgeUnavailable
from answering.generation.handoff_summary import Summary
from answering.model import Answer, Exchange, Question
from backoffice.errors import BackofficeUnavailable
from contracts.escalation.model import Reason
from tests.actions.conftest import Run, ScriptedLadder
from tests.escalation.conversation import replied, said


@dataclass
class FakeDesk:
    """Takes everything, or refuses with ``error``."""

    error: Exception | None = None
    taken: list[Handoff] = field(default_factory=list)

    async def take(self, handoff: Handoff) -> Accepted:
        if self.error:
            raise self.error
        self.taken.append(handoff)
        return Accepted("chat")


class BrokenTickets:
    async def take(self, _: Handoff) -> Accepted:
        raise BackofficeUnavailable("down")


class BrokenBackoffice:
    """A back office that answers nothing."""

    def __getattr__(self, name: str) -> Any:
        raise BackofficeUnavailable("down")


async def test_the_ticket_carries_what_a_colleague_needs(run: Run, services: Services) -> None:
    said = await run(
        ActionRequestHandoff, "get me a human!", intent="request_human", form="order_status_form", order_number="10046"
    )
    ticket = services.backoffice.tickets.ticket_for("anna", said.slots["ticket_number"])
    assert ticket is not None
    assert ticket.collected == {"order_number": "10046"}
    assert "get me a human!" in ticket.summary
    assert "order status" in ticket.summary
    assert said.followed_by == "contact_form"


async def test_the_same_message_again_makes_no_second_ticket(run: Run) -> None:
    first = await run(ActionRequestHandoff, "human", intent="request_human", message_id="m7")
    again = await run(ActionRequestHandoff, "human", intent="request_human", message_id="m7")
    assert first.slots["ticket_number"] == again.slots["ticket_number"]


async def test_asking_again_later_names_the_ticket_that_exists(run: Run) -> None:
    said = await run(ActionRequestHandoff, "human", intent="request_human", ticket_number="T-123456")
    assert said.responses == ["utter_ticket_exists"]


async def test_the_address_for_the_reply_is_kept_with_the_ticket(run: Run, services: Services) -> None:
    opened = await run(ActionRequestHandoff, "human", intent="request_human")
    number = opened.slots["ticket_number"]
    await run(ActionSaveContact, ticket_number=number, contact_email="jo@example.org", message_id="m2")
    ticket = services.backoffice.tickets.ticket_for("anna", number)
    assert ticket is not None
    assert ticket.contact_email == "jo@example.org"


async def test_yes_takes_up_the_offer_and_nothing_else(run: Run) -> None:
    assert "ticket_number" in (await run(ActionAcceptOffer, "yes", intent="affirm", pending_offer="person")).slots
    assert (await run(ActionAcceptOffer, "yes", intent="affirm")).responses == ["utter_yes_to_what"]


def told(text: str, reply: str, **parsed: Any) -> list[dict[str, Any]]:
    return [said(text, **parsed), replied(reply)]


async def test_the_handoff_says_what_a_colleague_would_ask(run: Run, services: Services) -> None:
    desk = FakeDesk()
    services = replace(services, handoffs=DeskElseTicket(desk, TicketHandoffs(services.backoffice.tickets)))
    before = [
        *told("how much is delivery", "utter_answer", intent="ask_delivery", sentiment=0.0),
        *told("that is not what I asked", "utter_not_helpful", intent="not_helpful", sentiment=-0.4),
    ]
    angry = "my solicitor hears of this, my card is 4111 1111 1111 1111"
    await run(ActionRequestHandoff, angry, services=services, before=before, order_number="10046", sentiment=-0.7)
    handoff = desk.taken[0]
    assert (handoff.reason, handoff.priority, handoff.team) == (Reason.LEGAL_OR_PRESS, "urgent", "management")
    assert handoff.last_words == "my solicitor hears of this, my card is [card]"
    assert handoff.collected == {"order_number": "10046"}
    assert handoff.intents[:2] == ("ask_delivery", "not_helpful")
    assert handoff.sentiment == (0.0, -0.4, -0.7)
    assert handoff.tried == ("answered from the knowledge",)
    for part in ("order number 10046", "getting worse", "[card]", "Comment on nothing"):
        assert part in handoff.summary


@dataclass
class ScriptedSummaries:
    """Sums everything up as ``text``, or not at all."""

    text: str | None = "Open: a lawyer's letter"
    asked: list[Sequence[Exchange]] = field(default_factory=list)

    async def of(self, conversation_id: str, history: Sequence[Exchange]) -> Summary | None:
        del conversation_id
        self.asked.append(history)
        return Summary(self.text, "openai/gpt-4.1") if self.text else None

    async def close(self) -> None:
        """Nothing to close."""


async def test_a_models_summary_comes_first_says_so_and_hides_nothing_of_the_record(
    run: Run, services: Services
) -> None:
    desk, summaries = FakeDesk(), ScriptedSummaries()
    handoffs = DeskElseTicket(desk, TicketHandoffs(services.backoffice.tickets))
    services = replace(services, handoffs=handoffs, summaries=summaries)
    before = told("how much is delivery, my code is 123 456", "utter_answer", intent="ask_delivery")
    await run(ActionRequestHandoff, "a human!", intent="request_human", services=services, before=before)
    lines = desk.taken[0].summary.splitlines()
    assert lines[:2] == [
        "Summary written by a language model (openai/gpt-4.1), not checked by a person:",
        "Open: a lawyer's letter",
    ]
    assert "The customer asked for a person." in lines
    assert [one.text for one in summaries.asked[0]] == ["how much is delivery, my code is [code]", "a human!"]
    summaries.text = None
    await run(ActionRequestHandoff, "a human!", intent="request_human", services=services, before=before)
    assert desk.taken[1].summary.startswith("The customer asked for a person.\n")


async def test_who_is_in_danger_waits_for_no_summary(run: Run, services: Services) -> None:
    summaries = ScriptedSummaries()
    before = told("hello", "utter_greet", intent="greet")
    services = replace(services, summaries=summaries)
    await run(ActionRequestHandoff, "I want to kill myself", services=services, before=before)
    assert summaries.asked == []


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (DeskUnavailable("down"), "utter_ticket_instead_of_desk"),
        (DeskUnavailable("a stranger", known=False), "utter_ticket_opened"),
    ],
)
async def test_a_desk_that_does_not_take_it_leaves_a_ticket(
    run: Run, services: Services, error: DeskUnavailable, sentence: str
) -> None:
    handoffs = DeskElseTicket(FakeDesk(error), TicketHandoffs(services.backoffice.tickets))
    done = await run(
        ActionRequestHandoff, "human", intent="request_human", services=replace(services, handoffs=handoffs)
    )
    assert done.responses == [sentence]
    assert str(done.slots["ticket_number"]).startswith("T-")


async def test_the_desk_needs_no_address(run: Run, services: Services) -> None:
    handoffs = DeskElseTicket(FakeDesk(), TicketHandoffs(services.backoffice.tickets))
    done = await run(
        ActionRequestHandoff, "human", intent="request_human", services=replace(services, handoffs=handoffs)
    )
    assert (done.responses, done.followed_by) == (["utter_handed_to_desk"], "action_listen")


async def test_in_a_crisis_help_comes_first_and_no_address_is_asked(run: Run) -> None:
    done = await run(ActionRequestHandoff, "I want to kill myself", form="order_status_form", ticket_number="T-123456")
    assert done.responses == ["utter_handoff_crisis_self_harm", "utter_ticket_opened"]
    assert done.followed_by == "action_listen"
    assert done.slots["ticket_number"] != "T-123456", "the urgent one is a ticket of its own"


async def test_abuse_is_answered_twice_before_it_is_handed_over(run: Run) -> None:
    insult = told("you useless idiots", "utter_abuse_warning", intent="complain", sentiment=-0.7)
    first = await run(ActionWarnAbuse, "you useless idiots", form="order_status_form", requested_slot="email")
    second = await run(ActionWarnAbuse, "you useless idiots", before=insult)
    third = await run(ActionRequestHandoff, "you useless idiots", before=[*insult, *insult])
    assert (first.responses, first.slots["email"]) == (["utter_abuse_warning"], None)
    assert (second.responses, second.slots["pending_offer"]) == (["utter_abuse_second_warning"], "person")
    assert third.responses == ["utter_handoff_abuse", "utter_ticket_opened"]


async def test_the_third_miss_in_a_row_is_a_persons(run: Run) -> None:
    miss = told("qwertz", "utter_not_understood", intent="nlu_fallback")
    done = await run(ActionFallback, "asdf", before=[*miss, *miss])
    assert done.responses == ["utter_handoff_failed_attempts", "utter_ticket_opened"]


async def test_an_address_sent_again_gets_on_each_time(run: Run) -> None:
    address = "hanne.lund@example.org"
    answers: list[str] = []
    before: list[dict[str, Any]] = []
    for _ in range(4):
        done = await run(ActionTakeInformation, address, intent="inform", entities={"email": address}, before=before)
        answers.append(done.responses[0])
        before = [*before, *told(address, done.responses[0], intent="inform")]
        if answers[-1] == "utter_what_for_person":
            assert done.slots["pending_offer"] == "person"
    assert answers == [
        "utter_what_for",
        "utter_what_for_again",
        "utter_what_for_person",
        "utter_handoff_failed_attempts",
    ]


async def test_advice_that_is_not_the_shops_is_declined_with_what_it_can_do(run: Run) -> None:
    done = await run(ActionFallback, "which tablets should I take for a headache")
    assert done.responses == ["utter_off_topic_medical"]


async def test_knowledge_that_stays_down_hands_over(run: Run, ladder: ScriptedLadder) -> None:
    async def broken(_: Question) -> Answer:
        raise KnowledgeUnavailable("gone")

    ladder.answer = broken  # type: ignore[method-assign]
    once = await run(ActionFallback, "how long")
    twice = await run(ActionFallback, "how long", before=told("how long", "utter_knowledge_down"))
    assert once.responses == ["utter_knowledge_down"]
    assert twice.responses == ["utter_handoff_dependency_down", "utter_ticket_opened"]


async def test_a_journey_whose_order_system_is_down_is_the_desks(run: Run, services: Services) -> None:
    down = replace(services, backoffice=BrokenBackoffice(), handoffs=DeskElseTicket(FakeDesk(), BrokenTickets()))
    done = await run(ActionAcceptOffer, "yes", form="order_status_form", pending_offer="person", services=down)
    assert done.responses == ["utter_handed_to_desk"]
    nobody = replace(services, backoffice=BrokenBackoffice(), handoffs=DeskElseTicket(None, BrokenTickets()))
    done = await run(ActionAcceptOffer, "yes", form="order_status_form", pending_offer="person", services=nobody)
    assert done.responses == ["utter_backoffice_down"], "what nobody took is not said to be taken"


@pytest.mark.parametrize(
    ("text", "likely", "handed_over"),
    [
        ("could I talk to someone about an invoice", 0.15, True),
        ("could I talk to someone about an invoice", 0.02, False),
        ("could you send me an invoice", 0.15, False),
    ],
)
async def test_who_plainly_names_a_person_gets_one_whatever_it_is_about(
    run: Run, *, text: str, likely: float, handed_over: bool
) -> None:
    ranking = [{"name": "request_invoice", "confidence": 0.8}, {"name": "request_human", "confidence": likely}]
    said = await run(ActionStartFlow, text, intent="request_invoice", intent_ranking=ranking)
    assert (said.followed_by == "action_request_handoff") is handed_over


@pytest.mark.parametrize(
    ("sender", "text", "response"),
    [
        ("anna", "tomorrow at 10", "utter_contact_detail_noted"),
        ("eve", "tomorrow at 10", "utter_invalid_email"),  # not her ticket
        ("anna", "jo at example", "utter_invalid_email"),
    ],
)
async def test_when_to_ring_goes_onto_the_ticket_where_the_address_was_asked_for(
    run: Run, services: Services, sender: str, text: str, response: str
) -> None:
    number = (await run(ActionRequestHandoff, "ring me please", intent="request_human")).slots["ticket_number"]
    message = {"text": text, "intent": {"name": "inform"}, "entities": [], "message_id": "m2"}
    tracker = Tracker(sender, {"ticket_number": number}, message, [], paused=False, followup_action=None,
                      active_loop={"name": "contact_form"}, latest_action_name="action_listen")  # fmt: skip
    dispatcher = CollectingDispatcher()
    slots = await ValidateContactForm(services).validate_contact_email(text, dispatcher, tracker, {})
    assert slots["contact_email"] is None
    assert [said["response"] for said in dispatcher.messages] == [response]

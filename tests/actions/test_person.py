"""Bringing in a person."""

from actions.bootstrap import Services
from actions.person import ActionAcceptOffer, ActionRequestHandoff, ActionSaveContact
from tests.actions.conftest import Run


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

"""How orders are told that the demo company does not have: parts that came, and refunds of every make-up."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from actions.bootstrap import Services
from actions.order_words import sentence_for
from backoffice.model.money import Money
from backoffice.model.order import ReturnState
from backoffice.model.order_view import OrderView, RefundView
from tests.actions.conftest import NOON
from tests.actions.dialogue_files import read_domain
from tests.actions.journey_player import Player

TODAY = NOON.date()
NIAMH, OWEN, TOMASZ = "niamh.osullivan@example.com", "owen.pritchard@example.net", "tomasz.zielinski@example.com"


def view(services: Services, number: str, email: str) -> OrderView:
    assert services.backoffice.access.verify(number, order_number=number, email=email, message_id="m").verified
    order = services.backoffice.orders.order_for(number, number)
    assert order
    return order


def told(order: OrderView, today: date = TODAY) -> tuple[str, str]:
    """The response and its words."""
    sentence = sentence_for(order, today)
    text = read_domain()["responses"][sentence.response][0]["text"].format(**sentence.values)
    return sentence.response, text


def test_a_part_that_has_come_is_told_with_what_is_still_to_come(services: Services) -> None:
    order = view(services, "10035", "emily.carter@example.org")
    came = view(services, "10030", NIAMH).shipments[0].delivery
    response, text = told(replace(order, shipments=(replace(order.shipments[0], delivery=came),)))
    assert response == "utter_order_partly_delivered"
    assert "Still to come, in a parcel of its own: Heron soundbar" in text


@pytest.mark.parametrize(
    ("state", "sent", "response"),
    [
        (ReturnState.ON_ITS_WAY, None, "utter_order_part_return_on_its_way"),
        (ReturnState.RECEIVED, None, "utter_order_part_return_received"),
        (ReturnState.RECEIVED, NOON, "utter_order_part_refunded"),
    ],
)
def test_a_part_on_its_way_back_is_told_in_words_that_fit_any_number_of_pieces(
    services: Services, state: ReturnState, sent: datetime | None, response: str
) -> None:
    order = view(services, "10023", NIAMH)
    money = RefundView(Money(10800, "EUR"), order.payment, sent, TODAY, TODAY)
    back = replace(order.returns[-1], state=state, refund_by=TODAY, refund=money)
    pieces = tuple(replace(piece, quantity=2) for piece in back.contents)
    said = told(replace(order, returns=(replace(back, contents=pieces),)))
    assert said[0] == response
    assert "our return of 2 × Lumen desk lamp" in said[1]


def test_money_on_its_way_is_told_with_the_day_it_should_be_there(services: Services) -> None:
    order = view(services, "10018", TOMASZ)
    back = order.returns[-1]
    assert back.refund
    assert back.refund.arrives_by
    assert told(order, back.refund.arrives_by)[0] == "utter_order_refunded"
    assert told(order, back.refund.arrives_by + timedelta(days=1))[0] == "utter_order_refunded_before"


async def asks_for_money(
    services: Services, order: OrderView, email: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The response to a customer with that order."""
    with monkeypatch.context() as books:
        books.setattr(services.backoffice.orders, "orders_of", lambda _: (order,))
        said = await Player(services).says(f"{words} {order.number}, {email}", "refund_status")
    return said[0]


async def test_the_refund_of_a_cancelled_order_is_on_its_way_or_not_to_be_seen(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = view(services, "10019", OWEN)
    sent = replace(order.refunds[0], sent_at=NOON, arrives_by=TODAY)
    said = await asks_for_money(services, replace(order, refunds=(sent,)), OWEN, "where is the money for", monkeypatch)
    assert said == "utter_refund_sent"
    said = await asks_for_money(services, replace(order, refunds=()), OWEN, "where is the money for", monkeypatch)
    assert said == "utter_order_cancelled", "nobody is asked whether they sent back what never came"


@pytest.mark.parametrize(
    ("refund", "delivery", "response"),
    [
        (129_00, 0, "utter_refund_goods_whole"),
        (129_00, 7_95, "utter_refund_goods_without_delivery"),
        (136_95, 7_95, "utter_refund_whole_with_delivery"),
        (132_00, 7_95, "utter_refund_less_postage_with_delivery"),
        (124_05, 7_95, "utter_refund_less_postage"),
        (100_00, 7_95, "utter_refund_less_unclear"),
    ],
)
async def test_why_a_refund_is_as_much_as_it_is(
    services: Services, monkeypatch: pytest.MonkeyPatch, refund: int, delivery: int, response: str
) -> None:
    order = view(services, "10018", TOMASZ)
    back = order.returns[-1]
    assert back.refund
    assert back.goods == Money(129_00, "EUR")
    paid = replace(back.refund, amount=Money(refund, "EUR"))
    order = replace(order, delivery_cost=Money(delivery, "EUR"), returns=(replace(back, refund=paid),))
    assert await asks_for_money(services, order, TOMASZ, "why only that much for", monkeypatch) == response

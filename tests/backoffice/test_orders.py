"""Orders as a verified customer sees them, over each kind of storage."""

from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.bootstrap import Backoffice
from backoffice.model.money import Money
from backoffice.model.order_view import LateStep, OrderStatus


def verify(backoffice: Backoffice, order: str, email: str) -> None:
    assert backoffice.access.verify("c1", order_number=order, email=email, message_id="v").verified


def test_own_order_is_told_with_everything_needed(backoffice: Backoffice) -> None:
    verify(backoffice, "10046", "aoife.brennan@example.com")
    view = backoffice.orders.order_for("c1", "#10046")

    assert (view.number, view.status, view.late) == ("10046", OrderStatus.IN_TRANSIT, False)
    assert view.total == Money(7900 + 2 * 2400, "EUR")
    assert [(line.name, line.quantity) for line in view.lines] == [("Tarn kettle", 1), ("Brio coffee beans 1 kg", 2)]
    (parcel,) = view.shipments
    assert parcel.tracking_url == "https://track.alderwick.example/CP5520046118"
    assert parcel.last_scan.place == "Athlone sorting centre"


def test_all_own_orders_are_told_newest_first_and_no_others(backoffice: Backoffice) -> None:
    verify(backoffice, "10046", "aoife.brennan@example.com")
    numbers = [view.number for view in backoffice.orders.orders_of("c1")]

    assert numbers == ["10041", "10046", "10026", "10012"]
    assert all(backoffice.orders.order_for("c1", number).number == number for number in numbers)


def test_no_order_is_told_once_the_verification_has_ended(backoffice: Backoffice, clock: StoppedClock) -> None:
    verify(backoffice, "10046", "aoife.brennan@example.com")
    clock.move(minutes=30)

    assert backoffice.orders.order_for("c1", "10046") is None
    assert backoffice.orders.orders_of("c1") == ()


def test_what_is_no_order_number_is_no_order(backoffice: Backoffice) -> None:
    verify(backoffice, "10046", "aoife.brennan@example.com")

    assert [backoffice.orders.order_for("c1", text) for text in ("", "\x00", "10", "all", "🙂")] == [None] * 5


def test_parts_and_refunds_survive_the_data_base(backoffice: Backoffice) -> None:
    verify(backoffice, "10022", "katrin.vogel@example.net")
    back = backoffice.orders.order_for("c1", "10022").returns[0]
    assert (back.refund.amount, back.refund.sent_at) == (Money(13405, "EUR"), None)
    verify_another = backoffice.access.verify(
        "c1", order_number="10019", email="owen.pritchard@example.net", message_id="v2"
    )
    assert verify_another.verified
    view = backoffice.orders.order_for("c1", "10019")
    assert (view.status, view.refunds[0].amount) == (OrderStatus.CANCELLED, Money(19895, "EUR"))


def test_lateness_grows_with_the_clock(backoffice: Backoffice, clock: StoppedClock) -> None:
    verify(backoffice, "10037", "declan.hayes@example.com")
    assert backoffice.orders.order_for("c1", "10037").lateness.next is LateStep.WAIT
    clock.move(days=1)
    backoffice.access.verify("c1", order_number="10037", email="declan.hayes@example.com", message_id="v2")
    assert backoffice.orders.order_for("c1", "10037").lateness.next is LateStep.INVESTIGATE

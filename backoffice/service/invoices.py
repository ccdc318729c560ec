"""An invoice's copy by e-mail, to the address on file and nowhere else."""

from collections.abc import Callable
from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_currency

from backoffice.journey_ports import Journeys
from backoffice.model.account import InvoicePlan
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.customer import Customer
from backoffice.model.mail import Mail
from backoffice.model.money import Money
from backoffice.model.order import Order
from backoffice.parsing import parse_order_number
from backoffice.ports import Post, Shop
from backoffice.service.access import AccessDesk
from backoffice.working_days import WorkingDays

POLICY = "payment-invoice"


class InvoiceDesk:
    """Reading is enough: the copy goes to whom it belongs. Methods may raise ``BackofficeUnavailable``."""

    def __init__(
        self,
        *,
        book: Journeys,
        shop: Shop,
        access: AccessDesk,
        post: Post,
        calendar: WorkingDays,
        now: Callable[[], datetime],
    ) -> None:
        self._book = book
        self._shop, self._access, self._post, self._calendar, self._now = shop, access, post, calendar, now

    def send_copy(self, act: Act, order_number: str) -> Done[InvoicePlan] | Refusal:
        """Send it, once a key; before the order has shipped there is none (``TOO_EARLY``)."""
        customer = self._access.admit(act.conversation_id, Level.READING)
        if isinstance(customer, Refusal):
            return customer
        number = parse_order_number(order_number)
        order = self._shop.order(customer.id, number) if number else None
        if order is None:
            return Refusal(Reason.NOT_FOUND)
        if not order.shipments:
            return Refusal(Reason.TOO_EARLY, POLICY)
        issued = self._calendar.day_of(min(parcel.shipped_at for parcel in order.shipments))
        plan = InvoicePlan(order.number, issued)
        done, first = self._book.note_invoice(act, customer.id, plan, self._now())
        if first:
            self._post.send(invoice_letter(order, customer, issued))
        return done


def invoice_letter(order: Order, customer: Customer, issued: date) -> Mail:
    """The invoice as text, its day and amounts written as the customer's locale writes them."""
    locale = customer.locale.replace("-", "_")
    lines = [
        f"{line.quantity} × {line.name}: {written_amount(line.unit_price.times(line.quantity), locale)}"
        for line in order.lines
    ]
    text = "\n".join(
        [
            f"Copy of invoice INV-{order.number}, {format_date(issued, format='long', locale=locale)}",
            "",
            *lines,
            f"Delivery: {written_amount(order.delivery_cost, locale)}",
            f"Total: {written_amount(order.total, locale)}",
            "",
        ]
    )
    return Mail(customer.email, f"Copy of your invoice for order {order.number}", text)


def written_amount(money: Money, locale: str) -> str:
    """The amount in that locale; all the company's currencies have two places."""
    return str(format_currency(money.minor / 100, money.currency, locale=locale))

"""The journeys there are. A new one adds its line here."""

from collections.abc import Iterable, Iterator

from actions.appointments.book import BOOK_APPOINTMENT
from actions.appointments.change import CANCEL_APPOINTMENT, CHANGE_APPOINTMENT
from actions.cancel_order import CANCEL_ORDER
from actions.change_address import CHANGE_ADDRESS
from actions.claim import CLAIM
from actions.contact_details import CONTACT_DETAILS
from actions.delete_data import DELETE_DATA
from actions.journey.model import Journey
from actions.lead import SALES_LEAD
from actions.missing_parcel import MISSING_PARCEL
from actions.order_status import ORDER_STATUS
from actions.payments import CHARGED_TWICE, PAYMENT_FAILED, REQUEST_INVOICE
from actions.promo_code import PROMO_CODE_PROBLEM
from actions.refund_status import REFUND_STATUS
from actions.return_item import RETURN_ITEM
from actions.subscriptions import CANCEL_SUBSCRIPTION, PAUSE_SUBSCRIPTION
from actions.ticket_status import TICKET_STATUS

JOURNEYS: tuple[Journey, ...] = (
    ORDER_STATUS,
    CANCEL_ORDER,
    BOOK_APPOINTMENT,
    CHANGE_APPOINTMENT,
    CANCEL_APPOINTMENT,
    PAUSE_SUBSCRIPTION,
    CANCEL_SUBSCRIPTION,
    REQUEST_INVOICE,
    CHARGED_TWICE,
    PAYMENT_FAILED,
    PROMO_CODE_PROBLEM,
    CONTACT_DETAILS,
    DELETE_DATA,
    SALES_LEAD,
    TICKET_STATUS,
    CHANGE_ADDRESS,
    RETURN_ITEM,
    REFUND_STATUS,
    CLAIM,
    MISSING_PARCEL,
)
BY_FORM = {journey.form: journey for journey in JOURNEYS}
BY_INTENT = {intent: journey for journey in JOURNEYS for intent in journey.intents}
BY_NAME = {journey.name: journey for journey in JOURNEYS}


def likely_journeys(ranking: Iterable[tuple[str, float]], at_least: float) -> Iterator[Journey]:
    """The journeys of the intents in ``ranking`` that have at least this probability, in its order."""
    found = (BY_INTENT.get(name) for name, chance in ranking if chance >= at_least)
    return (journey for journey in found if journey)

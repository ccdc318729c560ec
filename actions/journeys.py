"""The journeys there are. A new one adds its line here."""

from actions.cancel_order import CANCEL_ORDER
from actions.change_address import CHANGE_ADDRESS
from actions.claim import CLAIM
from actions.journey.model import Journey
from actions.missing_parcel import MISSING_PARCEL
from actions.order_status import ORDER_STATUS
from actions.refund_status import REFUND_STATUS
from actions.return_item import RETURN_ITEM

JOURNEYS: tuple[Journey, ...] = (
    ORDER_STATUS,
    CANCEL_ORDER,
    CHANGE_ADDRESS,
    RETURN_ITEM,
    REFUND_STATUS,
    CLAIM,
    MISSING_PARCEL,
)
BY_FORM = {journey.form: journey for journey in JOURNEYS}
BY_INTENT = {intent: journey for journey in JOURNEYS for intent in journey.intents}
BY_NAME = {journey.name: journey for journey in JOURNEYS}

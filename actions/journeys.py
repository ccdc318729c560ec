"""The journeys there are. A new one adds its line here."""

from actions.cancel_order import CANCEL_ORDER
from actions.journey.model import Journey
from actions.order_status import ORDER_STATUS

JOURNEYS: tuple[Journey, ...] = (
    ORDER_STATUS,
    CANCEL_ORDER,
)
BY_FORM = {journey.form: journey for journey in JOURNEYS}
BY_INTENT = {intent: journey for journey in JOURNEYS for intent in journey.intents}
BY_NAME = {journey.name: journey for journey in JOURNEYS}

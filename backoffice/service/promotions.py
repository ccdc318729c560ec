"""Why a promotion code does not work, as the ``promotions-…`` entries say."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from backoffice.model.ids import ConversationId
from backoffice.model.money import Money
from backoffice.model.promotion import Basket, Promotion, PromotionAnswer, WhyNot
from backoffice.parsing import email_key
from backoffice.service.access import AccessDesk
from backoffice.working_days import WorkingDays

GIFT_CARD = "AW-501"
_LONGEST = 40
_FILE = Path(__file__).parent.parent / "demo" / "promotions.yaml"


class PromotionDesk:
    """Tells what is wrong with a code. Somebody else's personal code is told as one that nobody knows."""

    def __init__(
        self,
        *,
        promotions: Iterable[Promotion],
        access: AccessDesk,
        calendar: WorkingDays,
        now: Callable[[], datetime],
    ) -> None:
        self._promotions = {one.code: one for one in promotions}
        self._access, self._calendar, self._now = access, calendar, now

    def is_known(self, conversation_id: ConversationId, code: str) -> bool:
        """Whether there is such a code for this conversation's customer; somebody else's is unknown here, too."""
        return self._promotion(conversation_id, code) is not None

    def is_for_everybody(self, code: str) -> bool:
        """Whether there is such a code, and it is nobody's own."""
        promotion = self._promotions.get(_written(code))
        return promotion is not None and not promotion.owner_email

    def explain(self, conversation_id: ConversationId, code: str, basket: Basket | None = None) -> PromotionAnswer:
        """The first reason that fits; what is not known of the basket is no reason."""
        promotion = self._promotion(conversation_id, code)
        return why_not(promotion, basket or Basket(), self._calendar.day_of(self._now()))

    def _promotion(self, conversation_id: ConversationId, code: str) -> Promotion | None:
        promotion = self._promotions.get(_written(code))
        if promotion is None or not promotion.owner_email:
            return promotion
        customer = self._access.verified_customer(conversation_id)
        own = customer is not None and email_key(customer.email) == email_key(promotion.owner_email)
        return promotion if own else None


def _written(code: str) -> str:
    return "".join(code[:_LONGEST].split()).upper()


def why_not(  # noqa: PLR0911 - one return a reason, in the order of the entry
    promotion: Promotion | None, basket: Basket, today: date
) -> PromotionAnswer:
    """Why the code does not work on this basket today. A pure function."""
    if promotion is None:
        return PromotionAnswer(WhyNot.UNKNOWN, "promotions-code-not-working")
    if today < promotion.valid_from:
        return PromotionAnswer(WhyNot.NOT_YET, promotion.policy, promotion.percent, promotion.valid_from)
    if today > promotion.valid_until:
        entry = "promotions-code-not-working"  # the entry of an offer that is over is told to nobody
        return PromotionAnswer(WhyNot.EXPIRED, entry, promotion.percent, promotion.valid_until)
    if promotion.used:
        return PromotionAnswer(WhyNot.USED, promotion.policy, promotion.percent)
    if basket.other_code:
        return PromotionAnswer(WhyNot.ANOTHER_CODE, "promotions-one-code", promotion.percent)
    if promotion.minimum and basket.value and basket.value.minor < promotion.minimum.minor:
        return PromotionAnswer(WhyNot.BELOW_MINIMUM, promotion.policy, promotion.percent, minimum=promotion.minimum)
    open_to_it = basket.skus - basket.final_sale - {GIFT_CARD}
    if basket.skus and not open_to_it:
        return PromotionAnswer(WhyNot.EXCLUDED_ITEMS, "promotions-excluded", promotion.percent)
    if basket.skus and promotion.skus and not open_to_it & promotion.skus:
        return PromotionAnswer(WhyNot.EXCLUDED_ITEMS, promotion.policy, promotion.percent)
    return PromotionAnswer(None, promotion.policy, promotion.percent, promotion.valid_until)


def load_promotions() -> tuple[Promotion, ...]:
    """The demo company's codes."""
    return tuple(_promotion(entry) for entry in yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def _promotion(entry: dict[str, Any]) -> Promotion:
    minimum = entry.get("minimum")
    return Promotion(
        code=entry["code"],
        percent=entry["percent"],
        valid_from=entry["from"],
        valid_until=entry["until"],
        policy=entry["policy"],
        minimum=Money(minimum * 100, "EUR") if minimum else None,
        skus=frozenset(entry.get("skus", ())),
        owner_email=entry.get("owner"),
        used=entry.get("used", False),
    )

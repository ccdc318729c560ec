"""Why a code does not work: the entry's reasons, in its order, and nothing about other people's codes."""

from datetime import date
from pathlib import Path

import pytest

from backoffice.bootstrap import Backoffice
from backoffice.model.money import Money
from backoffice.model.promotion import Basket, WhyNot
from backoffice.service.promotions import load_promotions, why_not

TODAY = date(2026, 11, 23)
CODES = {one.code: one for one in load_promotions()}


@pytest.mark.parametrize(
    ("code", "basket", "today", "why", "policy"),
    [
        ("BLACKWEEK", Basket(), TODAY, None, "promotions-black-week-2026"),
        ("BLACKWEEK", Basket(), date(2026, 11, 30), None, "promotions-black-week-2026"),
        ("BLACKWEEK", Basket(), date(2026, 12, 1), WhyNot.EXPIRED, "promotions-code-not-working"),
        ("BLACKWEEK", Basket(), date(2026, 11, 19), WhyNot.NOT_YET, "promotions-black-week-2026"),
        ("SUMMER26", Basket(), TODAY, WhyNot.EXPIRED, "promotions-code-not-working"),
        ("HELLO-2M9X", Basket(), TODAY, WhyNot.USED, "promotions-newsletter"),
        ("BLACKWEEK", Basket(other_code=True), TODAY, WhyNot.ANOTHER_CODE, "promotions-one-code"),
        ("HELLO-7Q4K", Basket(Money(39_99, "EUR")), TODAY, WhyNot.BELOW_MINIMUM, "promotions-newsletter"),
        ("HELLO-7Q4K", Basket(Money(40_00, "EUR")), TODAY, None, "promotions-newsletter"),
        ("HELLO-7Q4K", Basket(skus=frozenset({"AW-501"})), TODAY, WhyNot.EXCLUDED_ITEMS, "promotions-excluded"),
        ("BLACKWEEK", Basket(skus=frozenset({"AW-203"})), TODAY, WhyNot.EXCLUDED_ITEMS, "promotions-black-week-2026"),
        ("BLACKWEEK", Basket(skus=frozenset({"AW-203", "AW-101"})), TODAY, None, "promotions-black-week-2026"),
    ],
)
def test_the_reason_is_the_entrys(code: str, basket: Basket, today: date, why: WhyNot | None, policy: str) -> None:
    answer = why_not(CODES[code], basket, today)

    assert (answer.why, answer.policy) == (why, policy)
    assert list(Path("knowledge").rglob(f"{policy}.md"))


def test_somebody_elses_code_is_told_as_one_that_nobody_knows(memory_backoffice: Backoffice) -> None:
    explain = memory_backoffice.promotions.explain
    assert explain("c1", "hello-7q4k") == explain("c1", "NO-SUCH-CODE")
    memory_backoffice.access.verify("c1", order_number="10046", email="aoife.brennan@example.com", message_id="v")
    assert explain("c1", " hello-7q4k ").why is None
    assert explain("c1", "HELLO-2M9X") == explain("c1", "NO-SUCH-CODE")

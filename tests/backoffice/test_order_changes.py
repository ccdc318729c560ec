"""Cancelling, moving, returning, searching: what the policy allows, once, for the right customer only."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.desk_tables import AuditRow
from backoffice.adapters.sql.shop_tables import OrderRow, ProductRow, RefundRow
from backoffice.bootstrap import Backoffice
from backoffice.demo_data import DemoData
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.customer import Address
from backoffice.model.money import Money
from backoffice.model.order import DeliveryMethod, Order
from backoffice.model.order_change import ClaimKind, ClaimPlan, ReturnReason, Wish
from backoffice.service import order_rules, return_rules
from backoffice.service.order_status import OrderPolicy
from backoffice.service.regions import REGIONS, Region, region_for, standard_cost
from backoffice.working_days import WorkingDays

pytestmark = pytest.mark.usefixtures("shop_restored_after")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
POLICY = OrderPolicy(calendar=WorkingDays(), tracking_url="https://track.alderwick.example/{tracking_number}")
CORK = Address("Cian Murphy", "4 Bridge Street", "Cork", "IE", "T12 X0X0")


def confirmed(backoffice: Backoffice, post: Any, email: str, conversation: str = "c1") -> None:
    backoffice.codes.send_code(conversation, message_id="code", email=email)
    answer = backoffice.codes.check_code(conversation, post.code(), message_id="typed")
    assert answer.outcome == "confirmed"


def act(key: str = "k1", conversation: str = "c1") -> Act:
    return Act(conversation, f"m-{key}", key)


def order(demo: DemoData, number: str) -> Order:
    return next(entry.order for entry in demo.orders if entry.order.number == number)


def customer(demo: DemoData, number: str) -> Any:
    owner = order(demo, number).customer_id
    return next(one for one in demo.customers if one.id == owner)


def back(demo: DemoData, number: str, reason: str = "changed_mind", lines: Any = None, **parts: Any) -> Any:
    given = {"opened": False, "now": NOON, "policy": POLICY, **parts}
    who = given.pop("who", customer(demo, number))
    what = given.pop("what", order(demo, number))
    return return_rules.send_back(what, lines or {}, ReturnReason(reason), who, **given)


def test_a_placed_order_is_cancelled_once_and_all_the_money_comes_back(
    build: Callable[[], Backoffice], post: Any, database: Database
) -> None:
    backoffice = build()
    confirmed(backoffice, post, "cian.murphy@example.org")
    with database.reading() as session:
        stock = session.scalars(select(ProductRow.stock).where(ProductRow.sku == "AW-102")).one()
    plan = backoffice.order_changes.preview_cancel("c1", "10047")
    assert (plan.refund, plan.sent_by, plan.arrives_by) == (Money(98_95, "EUR"), date(2026, 11, 30), date(2026, 12, 3))

    done = backoffice.order_changes.cancel(act(), "10047", agreed_to=plan.token)
    assert done.plan == plan
    assert backoffice.order_changes.cancel(act(), "10047", agreed_to=plan.token) == done
    again = backoffice.order_changes.cancel(act("k2"), "10047", agreed_to=plan.token)
    assert again.reason is Reason.ALREADY_DONE
    assert backoffice.orders.order_for("c1", "10047").refunds[0].amount == plan.refund
    with database.reading() as session:
        assert session.scalars(select(ProductRow.stock).where(ProductRow.sku == "AW-102")).one() == stock + 1
        (entry,) = session.scalars(select(AuditRow).where(AuditRow.action == "order.cancelled")).all()
    assert (entry.conversation_id, entry.message_id, entry.subject) == ("c1", "m-k1", "10047")
    assert entry.customer_id
    assert entry.details["refund_minor"] == 98_95


def test_nothing_is_done_without_the_code_or_without_the_agreed_plan(backoffice: Backoffice, post: Any) -> None:
    changes = backoffice.order_changes
    assert changes.preview_cancel("c1", "10047") == Refusal(Reason.NOT_VERIFIED)
    backoffice.access.verify("c1", order_number="10047", email="cian.murphy@example.org", message_id="v")
    plan = changes.preview_cancel("c1", "10047")
    assert changes.cancel(act(), "10047", agreed_to=plan.token) == Refusal(Reason.NOT_CONFIRMED)
    confirmed(backoffice, post, "cian.murphy@example.org")
    assert changes.cancel(act(), "10047", agreed_to="yes") == Refusal(Reason.CHANGED)
    assert backoffice.orders.order_for("c1", "10047").cancelled_at is None
    assert isinstance(changes.cancel(act(), "10047", agreed_to=plan.token), Done)


def test_an_order_of_somebody_else_is_not_there(backoffice: Backoffice, post: Any) -> None:
    confirmed(backoffice, post, "cian.murphy@example.org")
    changes = backoffice.order_changes

    for number in ("10046", "10099", "nothing"):
        assert changes.preview_cancel("c1", number) == Refusal(Reason.NOT_FOUND)
        assert changes.cancel(act(number), number, agreed_to="x") == Refusal(Reason.NOT_FOUND)


def test_packed_orders_can_be_cancelled_for_an_hour(demo: DemoData) -> None:
    packed = order(demo, "10048")
    until = packed.packed_at + order_rules.CANCEL_AFTER_PACKING
    assert order_rules.cancel(packed, until.replace(second=0) - (until - until), POLICY) == Refusal(
        Reason.TOO_LATE, "orders-cancel-before-shipping", moment=until
    )
    assert order_rules.cancel(packed, NOON, POLICY).until == until
    assert order_rules.cancel(order(demo, "10046"), NOON, POLICY).reason is Reason.SHIPPED
    assert order_rules.cancel(order(demo, "10042"), NOON, POLICY).refund.minor == 0


def test_an_address_changes_until_packing_within_its_region(backoffice: Backoffice, post: Any) -> None:
    confirmed(backoffice, post, "aoife.brennan@example.com")
    plan = backoffice.order_changes.preview_move("c1", "10041", CORK)
    assert isinstance(backoffice.order_changes.move(act(), "10041", CORK, agreed_to=plan.token), Done)
    assert backoffice.orders.order_for("c1", "10041").address == CORK
    other = replace(CORK, street="5 Bridge Street")
    assert backoffice.order_changes.move(act("k2"), "10041", other, agreed_to=plan.token).reason is Reason.CHANGED


@pytest.mark.parametrize(
    ("number", "address", "policy"),
    [
        ("10046", CORK, "orders-change-address"),
        ("10047", replace(CORK, country="DE", postal_code="20457"), "delivery-ireland-express"),
        ("10041", replace(CORK, country="GB"), "orders-cancel-before-shipping"),
        ("10041", replace(CORK, country="US"), "delivery-not-served"),
        ("10041", replace(CORK, country="ES", postal_code="35001"), "delivery-canary-ceuta-melilla"),
    ],
)
def test_where_an_order_cannot_go_is_explained_by_its_entry(
    demo: DemoData, number: str, address: Address, policy: str
) -> None:
    assert order_rules.move(order(demo, number), address).policy == policy


def test_large_items_go_to_no_po_box(demo: DemoData) -> None:
    box = replace(CORK, street="P.O. Box 12")
    placed = order(demo, "10041")
    brio = replace(placed, lines=(replace(placed.lines[0], sku="AW-201"),))

    assert order_rules.move(brio, box) == Refusal(Reason.PO_BOX, "delivery-po-boxes")
    assert not isinstance(order_rules.move(placed, box), Refusal)


def test_a_return_costs_what_the_policy_says(demo: DemoData) -> None:
    headphones = back(demo, "10026")
    assert (headphones.goods.minor, headphones.deducted.minor, headphones.refund.minor) == (189_00, 4_95, 184_05)
    assert back(demo, "10026", "faulty").refund.minor == 189_00
    assert back(demo, "10027").deducted.minor == 0  # Plus
    part = back(demo, "10030", lines={2: 1})
    assert (part.refund.minor, part.collected, part.delivery.minor) == (24_00 - 4_95, False, 0)
    assert back(demo, "10030").collected


def test_delivery_comes_back_with_the_whole_order_within_14_days(demo: DemoData) -> None:
    headphones = order(demo, "10026")
    paid = replace(headphones, delivery_cost=Money(9_95, "EUR"), method=DeliveryMethod.EXPRESS)
    assert back(demo, "10026", what=replace(paid, method=DeliveryMethod.STANDARD)).delivery.minor == 9_95
    assert back(demo, "10026", what=paid).delivery.minor == 0  # standard is free from 50
    late = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
    late_plan = back(demo, "10026", what=replace(paid, method=DeliveryMethod.STANDARD), now=late)
    assert late_plan.delivery.minor == 0


@pytest.mark.parametrize(
    ("number", "reason", "lines", "opened", "policy"),
    [
        ("10028", "changed_mind", {}, False, "returns-last-chance"),
        ("10040", "changed_mind", {}, True, "returns-coffee-opened"),
        ("10016", "changed_mind", {}, False, "returns-too-late"),
        ("10016", "faulty", {}, False, "returns-too-late"),
        ("10046", "changed_mind", {}, False, "returns-window"),
        ("10026", "changed_mind", {1: 2}, False, "returns-part-of-order"),
        ("10023", "changed_mind", {1: 1}, False, "returns-part-of-order"),
    ],
)
def test_what_cannot_come_back_is_explained_by_its_entry(
    demo: DemoData,
    *,
    number: str,
    reason: str,
    lines: dict[int, int],
    opened: bool,
    policy: str,
) -> None:
    assert back(demo, number, reason, lines, opened=opened).policy == policy


def test_the_shops_own_fault_opens_what_a_change_of_mind_does_not(demo: DemoData) -> None:
    assert back(demo, "10028", "faulty").refund.minor == 59_00
    assert back(demo, "10040", "damaged", opened=True).deducted.minor == 0


def test_christmas_purchases_have_until_the_end_of_january(demo: DemoData) -> None:
    headphones = order(demo, "10026")
    bought = replace(headphones, placed_at=datetime(2026, 11, 15, 9, tzinfo=UTC))
    before = replace(headphones, placed_at=datetime(2026, 11, 14, 9, tzinfo=UTC))

    assert return_rules.return_until(bought, POLICY) == date(2027, 1, 31)
    assert return_rules.return_until(before, POLICY) == date(2026, 12, 13)


def test_two_returns_at_once_never_promise_more_than_was_paid(build: Callable[[], Backoffice], post: Any) -> None:
    backoffice = build()
    confirmed(backoffice, post, "aoife.brennan@example.com")
    plan = backoffice.order_changes.preview_return("c1", "10026", ReturnReason.CHANGED_MIND)

    def ask(number: int) -> Any:
        key = act(f"k{number}")
        return backoffice.order_changes.start_return(key, "10026", ReturnReason.CHANGED_MIND, agreed_to=plan.token)

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(ask, range(6)))
    assert sorted(type(one).__name__ for one in told) == ["Done"] + ["Refusal"] * 5
    assert backoffice.orders.order_for("c1", "10026").returns[0].state == "announced"


def test_the_data_base_itself_refuses_a_refund_beyond_what_was_paid(database: Database) -> None:
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(
            update(OrderRow).where(OrderRow.number == "10046").values(refunded_minor=OrderRow.paid_minor + 1)
        )


def test_a_lost_parcel_is_paid_back_or_sent_again(
    build: Callable[[], Backoffice], post: Any, database: Database
) -> None:
    backoffice = build()
    confirmed(backoffice, post, "priya.raman@example.org")
    plan = backoffice.order_changes.preview_lost("c1", "10021", Wish.REFUND)
    assert plan.refund == backoffice.orders.order_for("c1", "10021").total
    assert isinstance(backoffice.order_changes.settle_lost(act(), "10021", Wish.REFUND, agreed_to=plan.token), Done)
    assert isinstance(backoffice.order_changes.preview_lost("c1", "10021", Wish.REPLACEMENT), Refusal)
    assert backoffice.order_changes.preview_lost("c1", "10029", Wish.REFUND).reason is Reason.TOO_EARLY
    with database.reading() as session:
        own = select(func.count()).select_from(RefundRow).join(OrderRow).where(OrderRow.number == "10021")
        assert session.scalar(own) == 1


def test_a_late_parcel_is_searched_for_with_reading_alone(backoffice: Backoffice) -> None:
    backoffice.access.verify("c1", order_number="10031", email="declan.hayes@example.com", message_id="v")
    plan = backoffice.order_changes.preview_search("c1", "10031")
    assert isinstance(backoffice.order_changes.search(act(), "10031", agreed_to=plan.token), Done)
    assert backoffice.order_changes.preview_search("c1", "10031").reason is Reason.ALREADY_DONE
    assert backoffice.order_changes.preview_search("c1", "10037").reason is Reason.TOO_EARLY


def test_claims_have_their_days(backoffice: Backoffice, demo: DemoData) -> None:
    backoffice.access.verify("c1", order_number="10038", email="s.nolan@example.net", message_id="v")
    plan = backoffice.order_changes.preview_claim("c1", "10038", ClaimKind.NOT_RECEIVED)
    done = backoffice.order_changes.claim(act(), "10038", ClaimKind.NOT_RECEIVED, agreed_to=plan.token)
    assert done.reference.startswith("C-")
    early = order_rules.claim(order(demo, "10040"), ClaimKind.NOT_RECEIVED, None, (), NOON, POLICY)
    late = order_rules.claim(order(demo, "10016"), ClaimKind.DAMAGED, None, (), NOON, POLICY)
    assert (early.reason, early.policy) == (Reason.TOO_EARLY, "orders-delivered-not-received")
    assert (late.reason, late.policy) == (Reason.TOO_LATE, "damage-after-14-days")


def test_an_article_is_reported_once_and_another_one_of_the_order_still_can_be(backoffice: Backoffice) -> None:
    backoffice.access.verify("c1", order_number="10030", email="niamh.osullivan@example.com", message_id="v")
    changes = backoffice.order_changes
    plan = changes.preview_claim("c1", "10030", ClaimKind.DAMAGED, (1,), Wish.REFUND)
    done = changes.claim(act(), "10030", ClaimKind.DAMAGED, (1,), Wish.REFUND, agreed_to=plan.token)
    for kind, wish in ((ClaimKind.DAMAGED, Wish.REPLACEMENT), (ClaimKind.WRONG_ITEM, Wish.REFUND)):
        again = changes.preview_claim("c1", "10030", kind, (1,), wish)
        assert (again.reason, again.about) == (Reason.ALREADY_DONE, (done.reference,))
        told = changes.claim(act(f"{kind}"), "10030", kind, (1,), wish, agreed_to="whatever")
        assert told.reason is Reason.ALREADY_DONE
    rest = changes.preview_claim("c1", "10030", ClaimKind.NOT_RECEIVED)
    assert [packed.line for packed in rest.contents] == [2]
    beans = changes.claim(act("rest"), "10030", ClaimKind.NOT_RECEIVED, agreed_to=rest.token)
    assert changes.preview_claim("c1", "10030", ClaimKind.DAMAGED).about == (done.reference, beans.reference)


def test_what_is_sent_back_is_no_claim_beside_its_return(backoffice: Backoffice, post: Any) -> None:
    confirmed(backoffice, post, "aoife.brennan@example.com")
    changes = backoffice.order_changes
    assert isinstance(changes.preview_claim("c1", "10026", ClaimKind.DAMAGED), ClaimPlan)
    plan = changes.preview_return("c1", "10026", ReturnReason.CHANGED_MIND)
    done = changes.start_return(act(), "10026", ReturnReason.CHANGED_MIND, agreed_to=plan.token)
    refused = changes.preview_claim("c1", "10026", ClaimKind.DAMAGED)
    assert (refused.reason, refused.about) == (Reason.NOTHING_LEFT, (done.reference,))


def test_of_two_claims_at_once_one_is_opened(backoffice: Backoffice) -> None:
    backoffice.access.verify("c1", order_number="10038", email="s.nolan@example.net", message_id="v")
    changes = backoffice.order_changes
    plan = changes.preview_claim("c1", "10038", ClaimKind.DAMAGED)

    def report(key: str) -> Done[ClaimPlan] | Refusal:
        return changes.claim(act(key), "10038", ClaimKind.DAMAGED, agreed_to=plan.token)

    with ThreadPoolExecutor(2) as threads:
        told = list(threads.map(report, ("a", "b")))
    assert sorted(type(one).__name__ for one in told) == ["Done", "Refusal"]


def test_regions_and_prices_are_those_of_the_knowledge() -> None:
    for region in REGIONS:
        text = next(Path("knowledge").rglob(f"{region.policy}.md")).read_text(encoding="utf-8")
        assert f"€{region.cost.minor / 100:.2f}" in text
        assert f"{region.first_day}–{region.last_day} working days" in text
    ireland = region_for("IE")
    assert isinstance(ireland, Region)
    costs = [standard_cost(ireland, Money(minor, "EUR"), plus_member=False).minor for minor in (49_99, 50_00)]
    assert costs == [4_95, 0]
    assert standard_cost(REGIONS[4], Money(500_00, "EUR"), plus_member=True).minor == 19_95

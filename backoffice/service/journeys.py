"""Subscriptions and one's own account: preview, read back, do it once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import phonenumbers

from backoffice.journey_ports import Journeys
from backoffice.model.account import DeletionPlan, EmailPlan, LeadPlan, NotePlan, PhonePlan
from backoffice.model.act import Act, Done, Plan, Reason, Refusal, agreed
from backoffice.model.code import Level
from backoffice.model.ids import ConversationId, CustomerId
from backoffice.model.mail import Mail
from backoffice.model.order import Order, OrderState
from backoffice.model.subscription import EndPlan, PausePlan, Subscription, SubscriptionState
from backoffice.parsing import parse_email
from backoffice.ports import CodeLedger, Post, Shop
from backoffice.service import subscription_rules
from backoffice.service.access import AccessDesk
from backoffice.service.text import stored_id, stored_text
from backoffice.service.tickets import TicketDesk
from backoffice.working_days import WorkingDays

P = TypeVar("P", bound=Plan)
DELETED_WITHIN = timedelta(days=30)
INVOICES_KEPT_YEARS = 6
FEWEST_PIECES = 10
QUOTE_WITHIN_WD = 1
_SETTLED = {OrderState.DELIVERED, OrderState.RETURNED, OrderState.CANCELLED}


class SubscriptionDesk:
    """The customer's subscriptions. Changing one asks for a confirmed code, looking for reading."""

    def __init__(
        self, *, book: Journeys, access: AccessDesk, calendar: WorkingDays, now: Callable[[], datetime]
    ) -> None:
        self._book, self._access, self._calendar, self._now = book, access, calendar, now

    def subscriptions(self, conversation_id: ConversationId) -> tuple[Subscription, ...] | Refusal:
        customer = self._access.admit(conversation_id, Level.READING)
        return customer if isinstance(customer, Refusal) else self._book.subscriptions(customer.id)

    def preview_pause(self, conversation_id: ConversationId, number: str, until: date) -> PausePlan | Refusal:
        return self._preview(conversation_id, number, lambda one: subscription_rules.pause(one, until, self._today()))

    def pause(self, act: Act, number: str, until: date, *, agreed_to: str) -> Done[PausePlan] | Refusal:
        rule = lambda one: subscription_rules.pause(one, until, self._today())  # noqa: E731 - the same as above
        return self._do(act, number, PausePlan, rule, agreed_to)

    def preview_end(self, conversation_id: ConversationId, number: str) -> EndPlan | Refusal:
        return self._preview(conversation_id, number, lambda one: subscription_rules.end(one, self._today()))

    def end(self, act: Act, number: str, *, agreed_to: str) -> Done[EndPlan] | Refusal:
        return self._do(act, number, EndPlan, lambda one: subscription_rules.end(one, self._today()), agreed_to)

    def _today(self) -> date:
        return self._calendar.day_of(self._now())

    def _preview(
        self, conversation_id: ConversationId, number: str, rule: Callable[[Subscription], P | Refusal]
    ) -> P | Refusal:
        own = self.subscriptions(conversation_id)
        if isinstance(own, Refusal):
            return own
        found = next((one for one in own if one.number == number.upper()), None)
        return rule(found) if found else Refusal(Reason.NOT_FOUND)

    def _do(
        self, act: Act, number: str, kind: type[P], rule: Callable[[Subscription], P | Refusal], token: str
    ) -> Done[P] | Refusal:
        customer = self._access.admit(act.conversation_id, Level.CONFIRMED)
        if isinstance(customer, Refusal):
            return customer
        return self._book.change_subscription(
            act, customer.id, number.upper(), kind, lambda one: agreed(rule(one), token), self._now()
        )


class AccountDesk:
    """The customer's own data, and what anybody may leave: a lead, a note on a ticket of this conversation."""

    def __init__(
        self,
        *,
        book: Journeys,
        shop: Shop,
        access: AccessDesk,
        codes: CodeLedger,
        tickets: TicketDesk,
        post: Post,
        calendar: WorkingDays,
        now: Callable[[], datetime],
    ) -> None:
        self._book, self._shop, self._access, self._codes = book, shop, access, codes
        self._tickets, self._post, self._calendar, self._now = tickets, post, calendar, now

    def change_email(self, act: Act) -> Done[EmailPlan] | Refusal:
        """Take the new address that this conversation has proved by its code; the old one gets a notice."""
        customer = self._access.admit(act.conversation_id, Level.CONFIRMED)
        if isinstance(customer, Refusal):
            return customer
        proved = self._codes.proved_email(stored_id(act.conversation_id), self._now())
        if proved is None or proved[0] != customer.id:
            return Refusal(Reason.WRONG_CODE, "account-change-email")
        done: Done[EmailPlan] | Refusal = self._book.change_account(act, customer.id, EmailPlan(proved[1]), self._now())
        if isinstance(done, Done) and customer.email != proved[1]:
            text = (
                "The e-mail address of your Alderwick account was changed. If it was not you, call +353 91 555 0142.\n"
            )
            self._post.send(Mail(customer.email, "Your e-mail address was changed", text))
        return done

    def preview_phone(self, conversation_id: ConversationId, phone: str) -> PhonePlan | Refusal:
        """The number as it would be kept, or ``INVALID`` when no phone has it in the customer's country."""
        customer = self._access.admit(conversation_id, Level.READING)
        if isinstance(customer, Refusal):
            return customer
        number = parse_phone(phone, customer.address.country)
        return PhonePlan(number) if number else Refusal(Reason.INVALID, "account-change-details")

    def change_phone(self, act: Act, phone: str, *, agreed_to: str) -> Done[PhonePlan] | Refusal:
        done: Done[PhonePlan] | Refusal = self._do(
            act, lambda _customer: self.preview_phone(act.conversation_id, phone), agreed_to
        )
        return done

    def preview_deletion(self, conversation_id: ConversationId) -> DeletionPlan | Refusal:
        """When it would be done and what is kept.

        ``ALREADY_DONE`` where it was asked for before, or ``OPEN_BUSINESS`` with the numbers that stand in the way.
        """
        customer = self._access.admit(conversation_id, Level.READING)
        if isinstance(customer, Refusal):
            return customer
        if self._book.deletion_asked(customer.id):
            return Refusal(Reason.ALREADY_DONE, "privacy-delete-data")
        return self._deletion(customer.id)

    def request_deletion(self, act: Act, *, agreed_to: str) -> Done[DeletionPlan] | Refusal:
        done: Done[DeletionPlan] | Refusal = self._do(act, self._deletion, agreed_to)
        return done

    def preview_lead(self, *, company: str, email: str, wants: str, pieces: int) -> LeadPlan | Refusal:
        """From 10 pieces; the quote comes within 1 working day. Nobody has to be verified."""
        address = parse_email(email)
        if address is None or pieces < FEWEST_PIECES:
            return Refusal(Reason.INVALID, "business-volume-orders")
        answer_by = self._calendar.after(self._calendar.day_of(self._now()), QUOTE_WITHIN_WD)
        return LeadPlan(stored_text(company, 200), address, stored_text(wants, 2000), pieces, answer_by)

    def add_lead(self, act: Act, plan: LeadPlan) -> Done[LeadPlan] | Refusal:
        return self._book.add_lead(act, plan, self._now())

    def add_note(self, act: Act, ticket_number: str, text: str) -> Done[NotePlan] | Refusal:
        """Add to a ticket that ``tickets.ticket_for`` would show."""
        ticket = self._tickets.ticket_for(act.conversation_id, ticket_number)
        if ticket is None:
            return Refusal(Reason.NOT_FOUND)
        return self._book.add_note(act, NotePlan(ticket.number, stored_text(text, 4000)), self._now())

    def _do(self, act: Act, rule: Callable[[CustomerId], Any], token: str) -> Any:
        customer = self._access.admit(act.conversation_id, Level.CONFIRMED)
        if isinstance(customer, Refusal):
            return customer
        plan = agreed(rule(customer.id), token)
        return plan if isinstance(plan, Refusal) else self._book.change_account(act, customer.id, plan, self._now())

    def _deletion(self, customer_id: CustomerId) -> DeletionPlan | Refusal:
        open_orders = [one.number for one in self._shop.orders(customer_id) if _open(one)]
        running = [
            one.number for one in self._book.subscriptions(customer_id) if one.state is not SubscriptionState.CANCELLED
        ]
        if open_orders or running:
            return Refusal(Reason.OPEN_BUSINESS, "privacy-delete-data", about=(*open_orders, *running))
        return DeletionPlan(self._calendar.day_of(self._now()) + DELETED_WITHIN, INVOICES_KEPT_YEARS)


def parse_phone(text: str, country: str) -> str | None:
    """The phone number in E.164, read as somebody in that country writes it, or ``None``."""
    try:
        number = phonenumbers.parse(text[:100], country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _open(order: Order) -> bool:
    waiting = any(back.refund is None or back.refund.sent_at is None for back in order.returns)
    return order.state not in _SETTLED or waiting or any(refund.sent_at is None for refund in order.refunds)

"""A customer's own data, leads and notes: what a change of them would do."""

from dataclasses import dataclass, field
from datetime import date

from backoffice.model.act import Plan


@dataclass(frozen=True, slots=True)
class EmailPlan(Plan):
    """The new address, proved by its code. The old one gets a notice."""

    email: str = field(repr=False)
    policy: str = "account-change-email"


@dataclass(frozen=True, slots=True)
class PhonePlan(Plan):
    """The new number in E.164."""

    phone: str = field(repr=False)
    policy: str = "account-change-details"


@dataclass(frozen=True, slots=True)
class DeletionPlan(Plan):
    """Deleted by ``done_by``; invoices are kept for ``invoices_kept_years`` because tax law demands it."""

    done_by: date
    invoices_kept_years: int
    policy: str = "privacy-delete-data"
    kept_policy: str = "privacy-invoices-kept"


@dataclass(frozen=True, slots=True)
class LeadPlan(Plan):
    """A quote is wanted; it comes by ``answer_by``."""

    company: str = field(repr=False)
    email: str = field(repr=False)
    wants: str = field(repr=False)
    pieces: int
    answer_by: date
    policy: str = "business-volume-orders"


@dataclass(frozen=True, slots=True)
class NotePlan(Plan):
    """Something to add to a ticket."""

    ticket: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InvoicePlan(Plan):
    """A copy of an order's invoice, by e-mail to the address on file."""

    order_number: str
    issued: date
    policy: str = "payment-invoice"

"""``docs/demo-company.md``, written from the demo data so that the two cannot differ."""

from itertools import groupby
from pathlib import Path

from backoffice.demo_data import DemoData, DemoOrder

PAGE = Path("docs/demo-company.md")

_INTRODUCTION = """\
# The demo company

*Written by `python -m backoffice demo-page` from `backoffice/demo/`; a test compares the two.*

Alderwick sells audio, kitchen and home appliances online from Galway, Ireland. Everything about it is invented.
`python -m backoffice seed-demo` puts it into the data base with its dates moved to today, so an order that is
one day late is one day late whenever you look. It may be run again at any time; tickets stay.

## What to try

- "Where is my order?", then `10046` and `aoife.brennan@example.com`.
- The same with a wrong e-mail, or with `10099`, which does not exist: the answers are the same. After three
  wrong tries the conversation waits for 30 minutes.
- Once verified as Aoife, ask about `10026` (hers) and about `10043` (not hers).
- "10046" written as "#10046" or "order no. 10 046"; the e-mail in capitals.
- Codes: whatever changes something asks for a code first; the letter lies in `var/mailbox/` as an `.eml` file.
- `10047` can be cancelled, `10048` only for some minutes more, `10045` no longer; `10041` can go to another address.
- `10026` can come back for €184.05, `10028` ("Last chance") cannot, `10016` is too late; `10023` only in part.
- `10031` can be searched for, `10021` is lost: a new parcel or the money. `10038` never arrived, says its customer.
- Aoife's Bean Box (`S-400118`) can be paused; Saoirse's (`S-400124`) ships tomorrow, so that parcel still comes.
- Codes of the shop: `BLACKWEEK` (its days are fixed), `SUMMER26` (over), `HELLO-7Q4K` (Aoife's only, from €40).
- "Get me a human": a ticket with a number; `python -m backoffice ticket T-…` shows it.

## Orders
"""


def render_page(demo: DemoData) -> str:
    """The whole page as Markdown."""
    parts = [_INTRODUCTION]
    for title, orders in groupby(demo.orders, key=lambda entry: entry.group):
        parts += [f"\n### {title}\n\n", "| order | e-mail | what you see | articles |\n", "|---|---|---|---|\n"]
        parts += [_order_line(entry) for entry in orders]
    parts += ["\n## Customers\n\n", "| name | e-mail | lives in | Plus | orders |\n", "|---|---|---|---|---|\n"]
    for customer in sorted(demo.customers, key=lambda one: one.name):
        own = sorted(entry.order.number for entry in demo.orders if entry.email == customer.email)
        plus = "yes" if customer.plus_member else ""
        place = f"{customer.address.city}, {customer.address.country}"
        parts.append(f"| {customer.name} | `{customer.email}` | {place} | {plus} | {', '.join(own)} |\n")
    return "".join(parts)


def _order_line(entry: DemoOrder) -> str:
    articles = ", ".join(f"{line.quantity} × {line.name}" for line in entry.order.lines)
    return f"| {entry.order.number} | `{entry.email}` | {entry.shows} | {articles} |\n"

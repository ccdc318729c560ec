"""Products are found as customers name them, with their stock; an invoice goes to its customer only."""

from typing import Any

import pytest

from backoffice.bootstrap import Backoffice
from backoffice.model.act import Act, Reason
from backoffice.model.product import Category
from backoffice.service.catalogue import Stock


@pytest.mark.parametrize(
    ("said", "sku"),
    [("AW-101", "AW-101"), ("the headphones", "AW-101"), ("espreso machine", "AW-201"), ("dune vacuum", "AW-301")],
)
def test_a_product_is_found_by_what_it_is_called(memory_backoffice: Backoffice, said: str, sku: str) -> None:
    assert memory_backoffice.catalogue.find(said)[0].product.sku == sku


def test_what_is_not_sold_or_in_another_category_is_not_found(memory_backoffice: Backoffice) -> None:
    assert memory_backoffice.catalogue.find("bicycle") == ()
    assert memory_backoffice.catalogue.find("headphones", Category.KITCHEN) == ()


def test_suggestions_can_be_had_now(backoffice: Backoffice) -> None:
    (soundbar,) = backoffice.catalogue.find("AW-104")
    assert soundbar.stock is Stock.SOLD_OUT
    assert [one.product.sku for one in backoffice.catalogue.instead_of("AW-104")] == ["AW-101", "AW-103", "AW-102"]
    cheap = backoffice.catalogue.shelf(Category.KITCHEN, at_most_minor=100_00)
    assert [one.product.sku for one in cheap] == ["AW-204", "AW-203", "AW-205"]
    assert cheap[2].stock is Stock.FEW_LEFT


def test_an_invoice_goes_to_the_address_on_file(backoffice: Backoffice, post: Any) -> None:
    send = backoffice.invoices.send_copy
    assert send(Act("c1", "m", "k"), "10034").reason is Reason.NOT_VERIFIED
    backoffice.access.verify("c1", order_number="10034", email="jonas.weber@example.org", message_id="v")
    assert send(Act("c1", "m", "k"), "10034") == send(Act("c1", "m", "k"), "10034")
    letter = post.next()
    assert letter.to == "jonas.weber@example.org"
    assert "449,00" in letter.text  # as German customers write it
    assert send(Act("c1", "m", "k2"), "10048").reason is Reason.TOO_EARLY
    assert send(Act("c1", "m", "k3"), "10046").reason is Reason.NOT_FOUND
    assert post.empty

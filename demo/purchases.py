"""Who has bought what before the story begins. Meridian has nothing yet: Ada is the one who compares plans."""

from datetime import datetime

from billing.actions import payments
from billing.models import Invoice
from demo import cast
from kit.verbs import verb
from marketplace.actions import orders
from marketplace.models import Order

PURCHASES = (
    ("nina", "premium", "USD"),
    ("zhoumin", "premium-onsite", "CNY"),
    ("lihang", "standard", "CNY"),
)
"""Buyer, plan, currency."""


@verb
def make(*, at: datetime) -> None:
    """Order, transfer and confirm each purchase as of `at`, unless its company has ordered before."""
    for buyer, plan, currency in PURCHASES:
        company = cast.company(cast.BY_KEY[buyer].company)
        if Order.objects.filter(customer=company).exists():
            continue
        order = orders.place(plan, by=cast.person(buyer), at=at, organization=company.reference, currency=currency)
        invoice = Invoice.objects.get(reference=order.invoice)
        payments.announce(invoice.reference, by=cast.person(buyer), at=at, payer=company.name)
        payments.confirm(
            invoice.reference, by=cast.person("fang"), at=at, amount=invoice.gross, payer=company.name,
            received_on=at.date(), statement_line=f"demo {order.reference}",
        )  # fmt: skip

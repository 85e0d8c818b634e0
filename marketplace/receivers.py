"""What marketplace does when billing announces a fact."""

from typing import Any

from django.dispatch import receiver

from billing.models import Invoice
from billing.signals import invoice_paid
from marketplace.actions import orders


@receiver(invoice_paid)
def fund_the_order(invoice: Invoice, **kwargs: Any) -> None:
    if invoice.paid_at:
        orders.fund(invoice.source, at=invoice.paid_at)

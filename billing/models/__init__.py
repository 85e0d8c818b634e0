"""Tables of billing: what was bought."""

from billing.models import inside as inside
from billing.models.books import Account, Entry, Line
from billing.models.cards import CardPayment
from billing.models.entitlements import Entitlement, Quota
from billing.models.events import ProviderEvent
from billing.models.invoices import BankAccount, Invoice, InvoiceLine, Series
from billing.models.payments import Transfer

__all__ = [
    "Account", "BankAccount", "CardPayment", "Entitlement", "Entry", "Invoice", "InvoiceLine", "Line",
    "ProviderEvent", "Quota", "Series", "Transfer",
]  # fmt: skip

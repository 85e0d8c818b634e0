"""Verbs on the accounts to which customers transfer."""

from accounts.models import Organization
from billing.models import BankAccount
from kit.verbs import verb


@verb
def name(owner: Organization, currency: str, *, holder: str, bank: str, number: str, swift: str = "") -> BankAccount:
    """Where transfers in this currency arrive from now on; invoices that were issued show it too."""
    described = {"holder": holder, "bank": bank, "number": number, "swift": swift}
    account, _is_new = BankAccount.objects.update_or_create(owner=owner, currency=currency, defaults=described)
    return account

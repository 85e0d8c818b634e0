"""The only writer of the books: entries are appended, balances move with them, all inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from billing.models import Account, Entry, Line
from billing.postings import Posting, of_chart
from kit.rows import update_each
from kit.verbs import Refused

Name = tuple[str, str]
"""Account and currency."""


class Overdrawn(Refused):
    """An account with a floor would leave its natural side."""

    def __init__(self, account: str, currency: str, balance: int) -> None:
        self.account, self.currency, self.balance = account, currency, balance
        super().__init__(
            _("The account %(account)s does not hold enough %(currency)s.") % {"account": account, "currency": currency}
        )


def post(posting: Posting, *, at: datetime) -> Entry:
    """Book one fact. A key that was booked before returns its old entry and moves nothing.

    Raises Overdrawn when the fact would take an account across its floor.
    """
    return post_all([posting], at=at)[0]


def post_all(postings: Sequence[Posting], *, at: datetime) -> list[Entry]:
    """Book the facts of one event in this order. Their accounts are locked together: two events never wait in a ring.

    Keys are looked up under these locks: who waited for another booking of the same fact finds it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("books are written inside a transaction")
    accounts = _locked({(name, posting.currency) for posting in postings for name, _ in posting.lines})
    booked = {entry.key: entry for entry in Entry.objects.filter(key__in=[posting.key for posting in postings])}
    entries = []
    for posting in postings:
        if posting.key not in booked:
            booked[posting.key] = _book(posting, accounts, at)
        entries.append(booked[posting.key])
    return entries


def _locked(names: set[Name]) -> dict[Name, Account]:
    """The accounts, made where missing and locked in the order of their names and currencies."""
    for name, _currency in names:
        of_chart(name)
    rows = Account.objects.filter(
        name__in={name for name, _ in names}, currency__in={currency for _, currency in names}
    )
    if missing := names - set(rows.values_list("name", "currency")):
        Account.objects.bulk_create(
            [Account(name=name, currency=currency) for name, currency in sorted(missing)], ignore_conflicts=True
        )
    return {(row.name, row.currency): row for row in rows.select_for_update().order_by("name", "currency")}


def _book(posting: Posting, accounts: dict[Name, Account], at: datetime) -> Entry:
    entry = Entry.objects.create(key=posting.key, currency=posting.currency, memo=posting.memo, posted_at=at)
    lines = []
    for name, amount in posting.lines:
        account, chart = accounts[name, posting.currency], of_chart(name)
        account.balance += amount
        if chart.floor and account.balance * chart.sign < 0:
            raise Overdrawn(name, posting.currency, account.balance)
        lines.append(Line(entry=entry, account=account, amount=amount))
    update_each([line.account for line in lines], ["balance"])
    Line.objects.bulk_create(lines)
    return entry

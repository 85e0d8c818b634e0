"""The chart of accounts, and what one entry of the books may be.

An account is a name of `CHART` and, where it belongs to something, a colon and that thing's public reference:
"fee_stripe", "ar:O-4K7Q9D", "held:R-7H3M4X", "tax:CN". Debits are positive, credits negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from billing import money

CASH_STRIPE: Final = "cash_stripe"
CASH_BANK: Final = "cash_bank"
AR: Final = "ar"
VENDOR_RECEIVABLE: Final = "vendor_receivable"
DISPUTE_HELD: Final = "dispute_held"
FX_CLEARING: Final = "fx_clearing"
CUSTOMER_CREDIT: Final = "customer_credit"
DEFERRED: Final = "deferred"
HELD: Final = "held"
VENDOR_PENDING: Final = "vendor_pending"
VENDOR_AVAILABLE: Final = "vendor_available"
VENDOR_RESERVE: Final = "vendor_reserve"
PAYOUT_TRANSIT: Final = "payout_transit"
REFUND_TRANSIT: Final = "refund_transit"
TAX: Final = "tax"
REV_PLAN: Final = "rev_plan"
REV_COMMISSION: Final = "rev_commission"
FEE_STRIPE: Final = "fee_stripe"
FEE_BANK: Final = "fee_bank"
FEE_DISPUTE: Final = "fee_dispute"
DISPUTE_LOSS: Final = "dispute_loss"
BAD_DEBT: Final = "bad_debt"
FX_DIFF: Final = "fx_diff"
ROUNDING: Final = "rounding"

Line = tuple[str, int]
Reason = Literal[
    "no_key", "bad_currency", "too_few_lines", "zero_line", "repeated_account", "unbalanced",
    "bad_account", "bad_amount", "bad_balance", "not_covered",
]  # fmt: skip


class PostingError(ValueError):
    """A fact that cannot be booked as told. `reason` is for programs, the text for people."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Account:
    """One name of the chart."""

    name: str
    kind: Literal["asset", "liability", "revenue", "expense"]
    owner: str | None = None
    """What the reference after the colon names; None: the account has no reference."""
    floor: bool = False
    """Its balance may never leave the natural side: a liability is never overdrawn, a claim never overpaid."""

    @property
    def sign(self) -> Literal[1, -1]:
        """1 when the natural side is debit (assets, expenses), -1 when it is credit. signed * sign is natural."""
        return 1 if self.kind in ("asset", "expense") else -1


CHART: Mapping[str, Account] = MappingProxyType({account.name: account for account in (
    Account(CASH_STRIPE, "asset"),
    Account(CASH_BANK, "asset", "bank account"),
    Account(AR, "asset", "customer", floor=True),
    Account(VENDOR_RECEIVABLE, "asset", "vendor", floor=True),
    Account(DISPUTE_HELD, "asset", floor=True),
    Account(FX_CLEARING, "asset"),
    Account(CUSTOMER_CREDIT, "liability", "customer", floor=True),
    Account(DEFERRED, "liability", "subscription", floor=True),
    Account(HELD, "liability", "order or milestone", floor=True),
    Account(VENDOR_PENDING, "liability", "vendor", floor=True),
    Account(VENDOR_AVAILABLE, "liability", "vendor", floor=True),
    Account(VENDOR_RESERVE, "liability", "vendor", floor=True),
    Account(PAYOUT_TRANSIT, "liability", "payout", floor=True),
    Account(REFUND_TRANSIT, "liability", "refund", floor=True),
    Account(TAX, "liability", "jurisdiction"),
    Account(REV_PLAN, "revenue"),
    Account(REV_COMMISSION, "revenue"),
    Account(FEE_STRIPE, "expense"),
    Account(FEE_BANK, "expense"),
    Account(FEE_DISPUTE, "expense"),
    Account(DISPUTE_LOSS, "expense"),
    Account(BAD_DEBT, "expense"),
    Account(FX_DIFF, "expense"),
    Account(ROUNDING, "expense"),  # stays 0, anything else is an alarm
)})  # fmt: skip
"""The chart of accounts. Accounts with a floor are the ones of invariant 3: the ledger refuses to cross it."""


def account(name: str, reference: str = "") -> str:
    """The account's string; PostingError "bad_account" for a name not in the chart, a reference missing or too much."""
    if name not in CHART or bool(reference) != bool(CHART[name].owner) or ":" in reference:
        raise PostingError("bad_account", f"{name!r} of {reference!r}")
    return f"{name}:{reference}" if reference else name


def of_chart(account: str) -> Account:
    """The chart's entry for an account's string; raises PostingError "bad_account" like `account`."""
    name, colon, reference = account.partition(":")
    if name not in CHART or bool(colon) != bool(CHART[name].owner) or bool(colon) != bool(reference):
        raise PostingError("bad_account", repr(account))
    return CHART[name]


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry of the books. Raises PostingError unless it is balanced, and its key and currency are there.

    key: names the fact, for ever: source, object or balance transaction, purpose; never an event id.
    lines: (account, amount in minor units), debits positive; at least two, none zero, each account once, sum zero.
    """

    key: str
    currency: str
    lines: tuple[Line, ...]
    memo: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple((name, amount) for name, amount in self.lines))  # a list would thaw it
        if not self.key:
            raise PostingError("no_key", self.memo)
        try:
            money.minor_digits(self.currency)
        except ValueError as error:
            raise PostingError("bad_currency", str(error)) from error
        if len(self.lines) < 2:
            raise PostingError("too_few_lines", f"{self.key} has {len(self.lines)}")
        for name, amount in self.lines:
            if not is_whole(amount):
                raise PostingError("bad_amount", f"{name} {amount!r}")
            if amount == 0:
                raise PostingError("zero_line", name)
        if len({name for name, _ in self.lines}) < len(self.lines):
            raise PostingError("repeated_account", ", ".join(name for name, _ in self.lines))
        if sum(amount for _, amount in self.lines) != 0:
            raise PostingError("unbalanced", f"{self.key} by {sum(amount for _, amount in self.lines)}")


def is_whole(amount: object) -> bool:
    """An integer that is not a truth value: the only kind of amount."""
    return isinstance(amount, int) and not isinstance(amount, bool)

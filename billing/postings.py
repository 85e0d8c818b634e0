"""Every business fact with money as one balanced posting.

A posting moves minor units of one currency between accounts: debits are positive, credits negative, the sum is zero.
There is one function for each business fact; it takes what happened and says which accounts it moves, and its
docstring names the debits (Dr) and the credits (Cr). Parts of zero are left out, because zero is a value; a fact that
moves nothing is no posting (PostingError "too_few_lines").

Accounts are those of `billing.chart`. Where a fact falls on several accounts in the order of what they hold,
`balances` gives what each holds now: account -> balance on its natural side, never negative, absent = 0. Read it
under the locks under which the posting is written.

Words used below: `net` is tax-free, `tax` belongs to `jurisdiction`, `fee` is the rail's, `bank` names one of our
bank accounts and None is Stripe. `memo` is for people.
"""

from collections.abc import Iterable, Mapping, Sequence

from billing.chart import (
    AR,
    CASH_BANK,
    CASH_STRIPE,
    CHART,
    CUSTOMER_CREDIT,
    DEFERRED,
    DISPUTE_HELD,
    DISPUTE_LOSS,
    FEE_BANK,
    FEE_DISPUTE,
    FEE_STRIPE,
    FX_CLEARING,
    FX_DIFF,
    HELD,
    PAYOUT_TRANSIT,
    REFUND_TRANSIT,
    REV_COMMISSION,
    REV_PLAN,
    TAX,
    VENDOR_AVAILABLE,
    VENDOR_PENDING,
    VENDOR_RECEIVABLE,
    VENDOR_RESERVE,
    Account,
    Line,
    Posting,
    PostingError,
    account,
    is_whole,
    of_chart,
)

__all__ = [
    "CHART",
    "Account",
    "Line",
    "Posting",
    "PostingError",
    "accepted",
    "account",
    "credit_refund_submitted",
    "debt_written_off",
    "dispute_lost",
    "dispute_opened",
    "dispute_won",
    "earned",
    "funded",
    "hold_over",
    "invoice_issued",
    "invoice_paid",
    "of_chart",
    "payout_created",
    "payout_failed",
    "payout_paid",
    "payout_returned",
    "plan_dispute_lost",
    "plan_refund_submitted",
    "refund_failed",
    "refund_submitted",
    "refund_succeeded",
    "reserve_released",
    "reserve_taken",
    "reversal",
    "settled_abroad",
    "transfer_matched",
    "transfer_received",
]  # fmt: skip

Part = tuple[str, str, int]
"""Chart name, reference ("" for nobody's), amount >= 0: a line before its side is known."""

_REFUND_LOSS = (VENDOR_PENDING, VENDOR_AVAILABLE, VENDOR_RECEIVABLE)
_DISPUTE_LOSS = (VENDOR_RESERVE, *_REFUND_LOSS)
"""Where the vendor's loss falls, in this order; the debt comes last and takes whatever is left."""


# Signatures are packed by hand from here on: a fact, its debits and its credits stay one glance.
# fmt: off


# Customers pay


def invoice_issued(
    *, key: str, currency: str, customer: str, subscription: str, net: int, tax: int = 0, jurisdiction: str = "",
    memo: str = ""
) -> Posting:
    """The house invoices its own plan or pack, to be earned later; for a pack `subscription` is the order.

    Dr ar (net + tax). Cr deferred (net), tax.
    """
    debits = [(AR, customer, _sum(net, tax))]
    return _post(key, currency, memo, debits, [(DEFERRED, subscription, net), (TAX, jurisdiction, tax)])


def invoice_paid(
    *, key: str, currency: str, customer: str, due: int, amount: int, fee: int = 0, tolerance: int = 0,
    bank: str | None = None, memo: str = ""
) -> Posting:
    """The customer pays `amount`, of which the rail keeps `fee`, on an invoice with `due` open.

    Dr cash (amount - fee), fee_stripe or fee_bank (fee), fee_bank (what is missing, if within `tolerance`).
    Cr ar (what is settled), customer_credit (what exceeds `due`). A greater shortage stays open in ar.
    """
    settled, missing = _settle(due, amount, tolerance)
    debits = [*_cash_in(bank, amount, fee), (FEE_BANK, "", missing)]
    excess = _sum(amount, missing) - settled
    return _post(key, currency, memo, debits, [(AR, customer, settled), (CUSTOMER_CREDIT, customer, excess)])


def transfer_received(*, key: str, currency: str, bank: str, customer: str, amount: int, memo: str = "") -> Posting:
    """A bank transfer arrives, not matched yet; while the payer is unknown `customer` is the statement line.

    Dr cash_bank. Cr customer_credit.
    """
    return _post(key, currency, memo, [(CASH_BANK, bank, amount)], [(CUSTOMER_CREDIT, customer, amount)])


def transfer_matched(
    *, key: str, currency: str, customer: str, due: int, amount: int, tolerance: int = 0, payer: str = "",
    order: str = "", tax: int = 0, jurisdiction: str = "", memo: str = ""
) -> Posting:
    """Credit of `amount` pays what is `due`: an invoice or, with `order`, an order or milestone that it funds.

    Dr customer_credit (what is used; the rest stays), fee_bank (what is missing, if within `tolerance`).
    Cr ar, or held (due - tax) and tax. `payer` is whose credit is used when it is not the customer's own. An invoice
    may be paid in part; an order is funded whole or not at all (PostingError "not_covered"). The tax of an invoice was
    booked when it was issued, so `tax` is for orders only.
    """
    settled, missing = _settle(due, amount, tolerance)
    debits = [(CUSTOMER_CREDIT, payer or customer, settled - missing), (FEE_BANK, "", missing)]
    if not order:
        if tax:
            raise PostingError("bad_amount", f"tax {tax} without an order")
        return _post(key, currency, memo, debits, [(AR, customer, settled)])
    if settled < due:
        raise PostingError("not_covered", f"{order}: {amount} of {due}")
    return _post(key, currency, memo, debits, [(HELD, order, _minus(due, tax)), (TAX, jurisdiction, tax)])


def earned(*, key: str, currency: str, subscription: str, amount: int, memo: str = "") -> Posting:
    """A month of the house's plan, a ticket of its pack, or the rest at expiry is served. Dr deferred. Cr rev_plan."""
    return _post(key, currency, memo, [(DEFERRED, subscription, amount)], [(REV_PLAN, "", amount)])


# Project funds


def funded(
    *, key: str, currency: str, order: str, net: int, tax: int = 0, jurisdiction: str = "", fee: int = 0,
    bank: str | None = None, memo: str = ""
) -> Posting:
    """The customer pays an order or milestone; nobody has earned it yet.

    Dr cash (net + tax - fee), fee_stripe or fee_bank (fee). Cr held (net), tax. A reseller, or an agent who is told
    to collect tax, passes `tax`; for another agent the whole payment is `net`.
    """
    debits = _cash_in(bank, _sum(net, tax), fee)
    return _post(key, currency, memo, debits, [(HELD, order, net), (TAX, jurisdiction, tax)])


def accepted(
    *, key: str, currency: str, order: str, vendor: str, amount: int, commission: int, balances: Mapping[str, int],
    memo: str = ""
) -> Posting:
    """Work of `amount` (tax-free) is accepted, or a month of a vendor's plan is over.

    Dr held. Cr rev_commission (from money.commission_due), then of the rest vendor_receivable first, vendor_pending.
    """
    rest = _repay(vendor, _minus(amount, commission), VENDOR_PENDING, balances)
    return _post(key, currency, memo, [(HELD, order, amount)], [(REV_COMMISSION, "", commission), *rest])


def hold_over(
    *, key: str, currency: str, vendor: str, amount: int, balances: Mapping[str, int], memo: str = ""
) -> Posting:
    """The security period is over. Dr vendor_pending. Cr vendor_receivable first, vendor_available."""
    credits = _repay(vendor, amount, VENDOR_AVAILABLE, balances)
    return _post(key, currency, memo, [(VENDOR_PENDING, vendor, amount)], credits)


def reserve_taken(*, key: str, currency: str, vendor: str, amount: int, memo: str = "") -> Posting:
    """Money of a suspended vendor is set aside. Dr vendor_available. Cr vendor_reserve."""
    return _post(key, currency, memo, [(VENDOR_AVAILABLE, vendor, amount)], [(VENDOR_RESERVE, vendor, amount)])


def reserve_released(
    *, key: str, currency: str, vendor: str, amount: int, balances: Mapping[str, int], memo: str = ""
) -> Posting:
    """What was set aside is no longer needed. Dr vendor_reserve. Cr vendor_receivable first, vendor_available."""
    credits = _repay(vendor, amount, VENDOR_AVAILABLE, balances)
    return _post(key, currency, memo, [(VENDOR_RESERVE, vendor, amount)], credits)


# Payouts


def payout_created(*, key: str, currency: str, payout: str, vendor: str, amount: int, memo: str = "") -> Posting:
    """Money of the vendor is set apart for a payout. Dr vendor_available. Cr payout_transit."""
    return _post(key, currency, memo, [(VENDOR_AVAILABLE, vendor, amount)], [(PAYOUT_TRANSIT, payout, amount)])


def payout_paid(
    *, key: str, currency: str, payout: str, amount: int, bank: str | None = None, memo: str = ""
) -> Posting:
    """The payout left us. Dr payout_transit. Cr cash."""
    return _post(key, currency, memo, [(PAYOUT_TRANSIT, payout, amount)], [_cash(bank, amount)])


def payout_failed(
    *, key: str, currency: str, payout: str, vendor: str, amount: int, balances: Mapping[str, int], memo: str = ""
) -> Posting:
    """The payout never left us. Dr payout_transit. Cr vendor_receivable first, vendor_available."""
    credits = _repay(vendor, amount, VENDOR_AVAILABLE, balances)
    return _post(key, currency, memo, [(PAYOUT_TRANSIT, payout, amount)], credits)


def payout_returned(
    *, key: str, currency: str, vendor: str, amount: int, balances: Mapping[str, int], bank: str | None = None,
    memo: str = ""
) -> Posting:
    """The payout left us and bounced. Dr cash. Cr vendor_receivable first, vendor_available."""
    return _post(key, currency, memo, [_cash(bank, amount)], _repay(vendor, amount, VENDOR_AVAILABLE, balances))


# Refunds: every one passes refund_transit, so "submitted" is never "paid"


def refund_submitted(
    *, key: str, currency: str, refund: str, order: str, held: int = 0, released: int = 0, commission: int = 0,
    tax: int = 0, jurisdiction: str = "", vendor: str = "", balances: Mapping[str, int], memo: str = ""
) -> Posting:
    """An order gives money back: `held` of what nobody has earned, `released` of what was accepted (both tax-free).

    Dr held, rev_commission (`commission` of `released`, what money.commission_due gives back), for the rest of
    `released` vendor_pending, vendor_available, vendor_receivable in this order; tax (money.tax_due_back).
    Cr refund_transit (held + released + tax).
    """
    loss = _fall(_minus(released, commission), [(name, vendor) for name in _REFUND_LOSS], balances)
    debits = [(HELD, order, held), (REV_COMMISSION, "", commission), *loss, (TAX, jurisdiction, tax)]
    return _post(key, currency, memo, debits, [(REFUND_TRANSIT, refund, _sum(held, released, tax))])


def plan_refund_submitted(
    *, key: str, currency: str, refund: str, subscription: str, amount: int, tax: int = 0, jurisdiction: str = "",
    balances: Mapping[str, int], memo: str = ""
) -> Posting:
    """The house gives back `amount` (tax-free) of its own plan.

    Dr deferred first, then rev_plan; tax. Cr refund_transit (amount + tax).
    """
    back = _fall(amount, [(DEFERRED, subscription), (REV_PLAN, "")], balances)
    return _post(key, currency, memo, [*back, (TAX, jurisdiction, tax)], [(REFUND_TRANSIT, refund, _sum(amount, tax))])


def credit_refund_submitted(
    *, key: str, currency: str, refund: str, customer: str, amount: int, memo: str = ""
) -> Posting:
    """The customer takes unused credit home. Dr customer_credit. Cr refund_transit."""
    return _post(key, currency, memo, [(CUSTOMER_CREDIT, customer, amount)], [(REFUND_TRANSIT, refund, amount)])


def refund_succeeded(
    *, key: str, currency: str, refund: str, amount: int, bank: str | None = None, memo: str = ""
) -> Posting:
    """The refund left us. Dr refund_transit. Cr cash."""
    return _post(key, currency, memo, [(REFUND_TRANSIT, refund, amount)], [_cash(bank, amount)])


def refund_failed(*, key: str, submitted: Posting, balances: Mapping[str, int], memo: str = "") -> Posting:
    """The refund never left us: the reverse of the posting `submitted`, which restores everything.

    Dr refund_transit. Cr what `submitted` debited; of it the vendor's part repays vendor_receivable first (the debt of
    today, which may have been repaid or have grown since), then returns to vendor_pending what came from there, and
    the rest is vendor_available.
    """
    debits, credits = _sides(reversal(submitted, key=key))
    if [name for name, _, _ in debits] != [REFUND_TRANSIT]:
        raise PostingError("bad_account", f"{submitted.key} is no refund")
    theirs = {name: (vendor, amount) for name, vendor, amount in credits if name in _REFUND_LOSS}
    restored = [part for part in credits if part[0] not in theirs]
    for vendor in {vendor for vendor, _ in theirs.values()}:
        repaid, (_, _, rest) = _repay(vendor, sum(amount for _, amount in theirs.values()), VENDOR_AVAILABLE, balances)
        pending = min(rest, theirs.get(VENDOR_PENDING, (vendor, 0))[1])
        restored += [repaid, (VENDOR_PENDING, vendor, pending), (VENDOR_AVAILABLE, vendor, rest - pending)]
    return _post(key, submitted.currency, memo, debits, restored)


# Card disputes: booked when opened


def dispute_opened(
    *, key: str, currency: str, amount: int, fee: int = 0, vendor: str = "", vendor_share: int = 0,
    balances: Mapping[str, int], memo: str = ""
) -> Posting:
    """The bank takes `amount` and `fee` at once; what the vendor has of it (`vendor_share`) is set aside meanwhile.

    Dr dispute_held (amount), fee_dispute (fee). Cr cash_stripe. Dr vendor_pending, then vendor_available, as far as
    they hold the share. Cr vendor_reserve. Money in held stays there; no debt arises before the dispute is lost.
    """
    pending, available = (_holds(balances, name, vendor, vendor_share) for name in (VENDOR_PENDING, VENDOR_AVAILABLE))
    aside = min(vendor_share, pending + available)
    taken = _fall(aside, [(VENDOR_PENDING, vendor), (VENDOR_AVAILABLE, vendor)], balances)
    debits = [(DISPUTE_HELD, "", amount), (FEE_DISPUTE, "", fee), *taken]
    return _post(key, currency, memo, debits, [_cash(None, _sum(amount, fee)), (VENDOR_RESERVE, vendor, aside)])


def dispute_won(
    *, key: str, currency: str, amount: int, fee: int = 0, vendor: str = "", vendor_share: int = 0,
    balances: Mapping[str, int], memo: str = ""
) -> Posting:
    """The bank gives `amount` back, and `fee` of its fee; `vendor_share` is what dispute_opened has set aside.

    Dr cash_stripe. Cr dispute_held, fee_dispute. Dr vendor_reserve, as far as it still holds the share (another lost
    dispute may have fallen on it). Cr vendor_receivable first, vendor_available.
    """
    freed = min(vendor_share, _holds(balances, VENDOR_RESERVE, vendor, vendor_share))
    debits = [_cash(None, _sum(amount, fee)), (VENDOR_RESERVE, vendor, freed)]
    credits = [(DISPUTE_HELD, "", amount), (FEE_DISPUTE, "", fee), *_repay(vendor, freed, VENDOR_AVAILABLE, balances)]
    return _post(key, currency, memo, debits, credits)


def dispute_lost(
    *, key: str, currency: str, order: str, amount: int, commission: int = 0, tax: int = 0, jurisdiction: str = "",
    vendor: str = "", balances: Mapping[str, int], memo: str = ""
) -> Posting:
    """The bank keeps `amount`: the house gives up `tax` and its `commission`, the order and its vendor the rest.

    Dr rev_commission, tax, and for the rest held, vendor_reserve, vendor_pending, vendor_available,
    vendor_receivable in this order. Cr dispute_held. What of amount - tax is not in held had been released;
    `commission` is what money.commission_due gives back on that.
    """
    rest = _minus(_minus(amount, commission), tax)
    loss = _fall(rest, [(HELD, order), *((name, vendor) for name in _DISPUTE_LOSS)], balances)
    debits = [*loss, (REV_COMMISSION, "", commission), (TAX, jurisdiction, tax)]
    return _post(key, currency, memo, debits, [(DISPUTE_HELD, "", amount)])


def plan_dispute_lost(
    *, key: str, currency: str, subscription: str, amount: int, tax: int = 0, jurisdiction: str = "",
    balances: Mapping[str, int], memo: str = ""
) -> Posting:
    """The bank keeps `amount` (tax included) of the house's own plan.

    Dr deferred first, rev_plan; tax. Cr dispute_held.
    """
    loss = _fall(_minus(amount, tax), [(DEFERRED, subscription), (REV_PLAN, "")], balances)
    return _post(key, currency, memo, [*loss, (TAX, jurisdiction, tax)], [(DISPUTE_HELD, "", amount)])


def debt_written_off(*, key: str, currency: str, vendor: str, amount: int, memo: str = "") -> Posting:
    """The house gives up a vendor's debt. Dr dispute_loss. Cr vendor_receivable."""
    return _post(key, currency, memo, [(DISPUTE_LOSS, "", amount)], [(VENDOR_RECEIVABLE, vendor, amount)])


# Any fact


def reversal(posting: Posting, *, key: str, memo: str = "") -> Posting:
    """The correction of a posting: the same lines with the other sign, under its own key. Books are never edited."""
    return Posting(key, posting.currency, tuple((name, -amount) for name, amount in posting.lines), memo)


def settled_abroad(
    posting: Posting, *, currency: str, amount: int, fee: int = 0, booked: int | None = None
) -> tuple[Posting, Posting]:
    """A fact with a cash_stripe line (and no fee), which the provider settles in another currency: two postings.

    The first has fx_clearing in place of cash_stripe. The second, in `currency` with the key + ":settled", moves what
    the provider says. Money in: Dr cash_stripe (amount - fee), fee_stripe. Cr fx_clearing. Money out: Dr fx_clearing
    (`booked`, the amount of `currency` booked when this money came in), Cr cash_stripe, the difference on fx_diff.
    """
    cash = dict(posting.lines).get(CASH_STRIPE, 0)
    if not cash or currency == posting.currency:
        raise PostingError("bad_currency", f"{posting.key} has nothing to settle in {currency}")
    lines = tuple((FX_CLEARING if name == CASH_STRIPE else name, moved) for name, moved in posting.lines)
    here = Posting(posting.key, posting.currency, lines, posting.memo)
    key = f"{posting.key}:settled"
    if cash > 0:
        return here, _post(key, currency, posting.memo, _cash_in(None, amount, fee), [(FX_CLEARING, "", amount)])
    was = amount if booked is None else booked
    debits = [(FX_CLEARING, "", was), (FEE_STRIPE, "", fee), (FX_DIFF, "", max(amount - was, 0))]
    credits = [_cash(None, _sum(amount, fee)), (FX_DIFF, "", max(was - amount, 0))]
    return here, _post(key, currency, posting.memo, debits, credits)


# fmt: on

# Parts


def _post(key: str, currency: str, memo: str, debits: Iterable[Part], credits: Iterable[Part]) -> Posting:
    """The posting of these parts: those of one account added up, those of zero left out (their reference unneeded)."""
    totals: dict[str, int] = {}
    for sign, parts in ((1, debits), (-1, credits)):
        for name, reference, amount in parts:
            if _sum(amount):
                line = account(name, reference)
                totals[line] = totals.get(line, 0) + sign * amount
    return Posting(key, currency, tuple((line, amount) for line, amount in totals.items() if amount), memo)


def _sides(posting: Posting) -> tuple[list[Part], list[Part]]:
    """The debits and the credits of a posting."""
    parts = [(*line.partition(":")[::2], amount) for line, amount in posting.lines]
    debits = [(name, reference, amount) for name, reference, amount in parts if amount > 0]
    return debits, [(name, reference, -amount) for name, reference, amount in parts if amount < 0]


def _cash(bank: str | None, amount: int) -> Part:
    return (CASH_STRIPE, "", amount) if bank is None else (CASH_BANK, bank, amount)


def _cash_in(bank: str | None, amount: int, fee: int) -> list[Part]:
    return [_cash(bank, _minus(amount, fee)), (FEE_STRIPE if bank is None else FEE_BANK, "", fee)]


def _settle(due: int, amount: int, tolerance: int) -> tuple[int, int]:
    """(what of `due` is settled, what of that is forgiven): a shortage within tolerance, but never a whole payment."""
    missing = max(_sum(due) - _sum(amount), 0)
    forgiven = missing if amount and missing <= _sum(tolerance) else 0
    return min(due, amount + forgiven), forgiven


def _repay(vendor: str, amount: int, to: str, balances: Mapping[str, int]) -> list[Part]:
    """A credit to the vendor: first what it owes us, the rest to the account `to`."""
    repaid = min(_sum(amount), _holds(balances, VENDOR_RECEIVABLE, vendor, amount))
    return [(VENDOR_RECEIVABLE, vendor, repaid), (to, vendor, amount - repaid)]


def _fall(loss: int, accounts: Sequence[tuple[str, str]], balances: Mapping[str, int]) -> list[Part]:
    """A loss falls on the accounts in order, on each up to what it holds; the last takes the rest whatever it holds."""
    parts: list[Part] = []
    rest = _sum(loss)
    for name, reference in accounts[:-1]:
        part = min(rest, _holds(balances, name, reference, rest))
        parts.append((name, reference, part))
        rest -= part
    return [*parts, (*accounts[-1], rest)]


def _holds(balances: Mapping[str, int], name: str, reference: str, wanted: int) -> int:
    """What the account holds; not looked at (nor its reference needed) when nothing is wanted of it."""
    held = balances.get(account(name, reference), 0) if wanted else 0
    if not is_whole(held) or held < 0:
        raise PostingError("bad_balance", f"{account(name, reference)} {held!r}")
    return held


def _sum(*amounts: int) -> int:
    """The sum of amounts that must be whole and not negative."""
    for amount in amounts:
        if not is_whole(amount) or amount < 0:
            raise PostingError("bad_amount", repr(amount))
    return sum(amounts)


def _minus(amount: int, part: int) -> int:
    """What a part leaves of an amount; a part greater than its whole is an error, not a negative amount."""
    return _sum(_sum(amount) - _sum(part))

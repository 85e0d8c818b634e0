"""billing/postings.py: every row of the table, the orders of loss, and whole lives through a tiny ledger."""

import ast
import inspect
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from billing import money, postings
from billing.postings import Posting, PostingError
from tests.proof import examples

FACT = {"key": "txn_1:settle", "currency": "CNY"}
CUSTOMER, ORDER, VENDOR, PAYOUT, REFUND = "O-4K7Q9D", "ORD-7H2M4X", "V-9C3F6A", "P-2B8K1T", "R-5D1W8N"
AR, CREDIT, HELD = f"ar:{CUSTOMER}", f"customer_credit:{CUSTOMER}", f"held:{ORDER}"
PENDING, AVAILABLE, RESERVE, OWED = (
    f"{name}:{VENDOR}" for name in ("vendor_pending", "vendor_available", "vendor_reserve", "vendor_receivable")
)
TRANSIT, REFUNDING, TAX, BANK = f"payout_transit:{PAYOUT}", f"refund_transit:{REFUND}", "tax:CN", "cash_bank:ICBC"

ROWS = [
    "invoice_issued", "invoice_paid", "transfer_received", "transfer_matched", "earned",
    "funded", "accepted", "hold_over", "payout_created", "payout_paid", "payout_failed", "payout_returned",
    "refund_submitted", "refund_succeeded", "refund_failed",
    "dispute_opened", "dispute_won", "dispute_lost", "debt_written_off",
]  # fmt: skip
MORE = ["reserve_taken", "reserve_released", "plan_refund_submitted", "credit_refund_submitted", "plan_dispute_lost"]


def lines(posting):
    return dict(posting.lines)


def refused(reason):
    return pytest.raises(PostingError, match=f"^{reason}: ")


# A posting


def test_a_posting_keeps_what_it_was_given():
    posting = Posting("k", "CNY", (("fee_bank", 5), (BANK, -5)), "bank fee of March")
    assert (posting.key, posting.currency, posting.memo) == ("k", "CNY", "bank fee of March")
    assert posting.lines == (("fee_bank", 5), (BANK, -5))


def test_a_posting_is_frozen_slotted_and_hashable():
    posting = Posting("k", "CNY", [["fee_bank", 5], [BANK, -5]])
    with pytest.raises(AttributeError):
        posting.key = "other"
    assert not hasattr(posting, "__dict__")
    assert {posting} == {Posting("k", "CNY", (("fee_bank", 5), (BANK, -5)))}


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("unbalanced", {"lines": (("a", 5), ("b", -4))}),
        ("zero_line", {"lines": (("a", 5), ("b", -5), ("c", 0))}),
        ("repeated_account", {"lines": (("a", 5), ("b", -8), ("a", 3))}),
        ("repeated_account", {"lines": (("a", 5), ("a", -5))}),
        ("too_few_lines", {"lines": (("a", 5),)}),
        ("too_few_lines", {"lines": ()}),
        ("no_key", {"key": ""}),
        ("bad_currency", {"currency": "cny"}),
        ("bad_currency", {"currency": ""}),
        ("bad_amount", {"lines": (("a", 0.5), ("b", -0.5))}),
        ("bad_amount", {"lines": (("a", True), ("b", -1))}),
    ],
)
def test_a_posting_is_refused_by_the_name_of_what_is_wrong(reason, wrong):
    with refused(reason) as caught:
        Posting(**({"key": "k", "currency": "CNY", "lines": (("a", 5), ("b", -5)), "memo": ""} | wrong))
    assert caught.value.reason == reason
    assert isinstance(caught.value, ValueError)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-3, 3)), max_size=5))
def test_a_posting_is_accepted_exactly_when_it_is_balanced(pairs):
    names, moved = [name for name, _ in pairs], [amount for _, amount in pairs]
    if len(pairs) >= 2 and all(moved) and sum(moved) == 0 and len(set(names)) == len(names):
        assert Posting("k", "CNY", tuple(pairs)).lines == tuple(pairs)
    else:
        with pytest.raises(PostingError):
            Posting("k", "CNY", tuple(pairs))


# The chart


def test_the_chart_says_which_accounts_may_never_be_overdrawn():
    floors = {name: account.sign for name, account in postings.CHART.items() if account.floor}
    credit = (
        "held vendor_pending vendor_available vendor_reserve payout_transit refund_transit customer_credit deferred"
    )
    assert floors == dict.fromkeys(credit.split(), -1) | dict.fromkeys(["ar", "vendor_receivable", "dispute_held"], 1)


@pytest.mark.parametrize(
    ("kind", "sign", "names"),
    [
        ("asset", 1, "cash_stripe cash_bank ar vendor_receivable dispute_held fx_clearing"),
        ("liability", -1, "customer_credit deferred held vendor_pending vendor_available vendor_reserve payout_transit "
                          "refund_transit tax"),
        ("revenue", -1, "rev_plan rev_commission"),
        ("expense", 1, "fee_stripe fee_bank fee_dispute dispute_loss bad_debt fx_diff rounding"),
    ],
)  # fmt: skip
def test_the_chart_names_every_account_with_its_kind_and_natural_side(kind, sign, names):
    assert {name for name, account in postings.CHART.items() if account.kind == kind} == set(names.split())
    assert {account.sign for account in postings.CHART.values() if account.kind == kind} == {sign}


def test_the_chart_cannot_be_changed():
    with pytest.raises(TypeError):
        postings.CHART["slush"] = postings.CHART["held"]
    with pytest.raises(AttributeError):
        postings.CHART["held"].floor = False


def test_an_account_is_a_chart_name_and_its_owners_reference():
    assert postings.account("held", "ORD-1") == "held:ORD-1"
    assert postings.account("fee_stripe") == "fee_stripe"
    assert postings.of_chart("held:ORD-1") is postings.CHART["held"]
    assert postings.of_chart("rev_plan").kind == "revenue"


@pytest.mark.parametrize(
    "wrong", [("slush", ""), ("held", ""), ("rev_plan", "V-1"), ("held", "a:b"), ("vendor_avail", "V-1")]
)
def test_an_account_outside_the_chart_or_of_nobody_is_refused(wrong):
    with refused("bad_account"):
        postings.account(*wrong)


@pytest.mark.parametrize("wrong", ["slush", "held", "held:", "rev_plan:V-1", "rev_plan:", ""])
def test_a_string_that_is_no_account_is_refused(wrong):
    with refused("bad_account"):
        postings.of_chart(wrong)


# The rows of the table: (function, arguments, lines)

BROKE, DEBTOR = {}, {OWED: 50}
TABLE = [
    ("invoice_issued", {"customer": CUSTOMER, "subscription": "S-1", "net": 1000, "tax": 60, "jurisdiction": "CN"},
     {AR: 1060, "deferred:S-1": -1000, TAX: -60}),
    ("invoice_issued", {"customer": CUSTOMER, "subscription": "S-1", "net": 1000}, {AR: 1000, "deferred:S-1": -1000}),
    ("invoice_paid", {"customer": CUSTOMER, "due": 1060, "amount": 1060, "fee": 31},
     {"cash_stripe": 1029, "fee_stripe": 31, AR: -1060}),
    ("invoice_paid", {"customer": CUSTOMER, "due": 1060, "amount": 1100},
     {"cash_stripe": 1100, AR: -1060, CREDIT: -40}),
    ("invoice_paid", {"customer": CUSTOMER, "due": 0, "amount": 1100}, {"cash_stripe": 1100, CREDIT: -1100}),
    ("invoice_paid", {"customer": CUSTOMER, "due": 1060, "amount": 1050, "tolerance": 10, "bank": "ICBC"},
     {BANK: 1050, "fee_bank": 10, AR: -1060}),
    ("invoice_paid", {"customer": CUSTOMER, "due": 1060, "amount": 1049, "tolerance": 10, "bank": "ICBC"},
     {BANK: 1049, AR: -1049}),
    ("invoice_paid", {"customer": CUSTOMER, "due": 1060, "amount": 1055, "fee": 5, "tolerance": 10, "bank": "ICBC"},
     {BANK: 1050, "fee_bank": 10, AR: -1060}),
    ("invoice_paid", {"customer": CUSTOMER, "due": 1060, "amount": 1059}, {"cash_stripe": 1059, AR: -1059}),
    ("invoice_paid", {"customer": CUSTOMER, "due": 1060, "amount": 1100, "tolerance": 10},
     {"cash_stripe": 1100, AR: -1060, CREDIT: -40}),
    ("transfer_received", {"customer": CUSTOMER, "bank": "ICBC", "amount": 500}, {BANK: 500, CREDIT: -500}),
    ("transfer_matched", {"customer": CUSTOMER, "due": 500, "amount": 500}, {CREDIT: 500, AR: -500}),
    ("transfer_matched", {"customer": CUSTOMER, "due": 500, "amount": 700}, {CREDIT: 500, AR: -500}),
    ("transfer_matched", {"customer": CUSTOMER, "due": 500, "amount": 499}, {CREDIT: 499, AR: -499}),
    ("transfer_matched", {"customer": CUSTOMER, "due": 500, "amount": 300}, {CREDIT: 300, AR: -300}),
    ("transfer_matched", {"customer": CUSTOMER, "due": 500, "amount": 490, "tolerance": 10},
     {CREDIT: 490, "fee_bank": 10, AR: -500}),
    ("transfer_matched", {"customer": CUSTOMER, "due": 500, "amount": 489, "tolerance": 10}, {CREDIT: 489, AR: -489}),
    ("transfer_matched", {"customer": CUSTOMER, "payer": "LINE-9", "due": 500, "amount": 500},
     {"customer_credit:LINE-9": 500, AR: -500}),
    ("transfer_matched",
     {"customer": CUSTOMER, "due": 1060, "amount": 1050, "tolerance": 10, "order": ORDER, "tax": 60,
      "jurisdiction": "CN"},
     {CREDIT: 1050, "fee_bank": 10, HELD: -1000, TAX: -60}),
    ("earned", {"subscription": "S-1", "amount": 83}, {"deferred:S-1": 83, "rev_plan": -83}),
    ("funded", {"order": ORDER, "net": 1000, "tax": 60, "jurisdiction": "CN", "fee": 31},
     {"cash_stripe": 1029, "fee_stripe": 31, HELD: -1000, TAX: -60}),
    ("funded", {"order": ORDER, "net": 1000, "bank": "ICBC", "fee": 1}, {BANK: 999, "fee_bank": 1, HELD: -1000}),
    ("accepted", {"order": ORDER, "vendor": VENDOR, "amount": 600, "commission": 90, "balances": BROKE},
     {HELD: 600, "rev_commission": -90, PENDING: -510}),
    ("accepted", {"order": ORDER, "vendor": VENDOR, "amount": 600, "commission": 90, "balances": DEBTOR},
     {HELD: 600, "rev_commission": -90, OWED: -50, PENDING: -460}),
    ("accepted", {"order": ORDER, "vendor": VENDOR, "amount": 600, "commission": 600, "balances": DEBTOR},
     {HELD: 600, "rev_commission": -600}),
    ("accepted", {"order": ORDER, "vendor": VENDOR, "amount": 40, "commission": 0, "balances": DEBTOR},
     {HELD: 40, OWED: -40}),
    ("hold_over", {"vendor": VENDOR, "amount": 510, "balances": BROKE}, {PENDING: 510, AVAILABLE: -510}),
    ("hold_over", {"vendor": VENDOR, "amount": 510, "balances": DEBTOR}, {PENDING: 510, OWED: -50, AVAILABLE: -460}),
    ("reserve_taken", {"vendor": VENDOR, "amount": 70}, {AVAILABLE: 70, RESERVE: -70}),
    ("reserve_released", {"vendor": VENDOR, "amount": 70, "balances": DEBTOR}, {RESERVE: 70, OWED: -50,
     AVAILABLE: -20}),
    ("payout_created", {"payout": PAYOUT, "vendor": VENDOR, "amount": 510}, {AVAILABLE: 510, TRANSIT: -510}),
    ("payout_paid", {"payout": PAYOUT, "amount": 510, "bank": "ICBC"}, {TRANSIT: 510, BANK: -510}),
    ("payout_paid", {"payout": PAYOUT, "amount": 510}, {TRANSIT: 510, "cash_stripe": -510}),
    ("payout_failed", {"payout": PAYOUT, "vendor": VENDOR, "amount": 510, "balances": BROKE},
     {TRANSIT: 510, AVAILABLE: -510}),
    ("payout_failed", {"payout": PAYOUT, "vendor": VENDOR, "amount": 510, "balances": DEBTOR},
     {TRANSIT: 510, OWED: -50, AVAILABLE: -460}),
    ("payout_returned", {"vendor": VENDOR, "amount": 510, "balances": BROKE}, {"cash_stripe": 510, AVAILABLE: -510}),
    ("payout_returned", {"vendor": VENDOR, "amount": 30, "bank": "ICBC", "balances": DEBTOR}, {BANK: 30, OWED: -30}),
    ("refund_submitted", {"refund": REFUND, "order": ORDER, "held": 400, "tax": 24, "jurisdiction": "CN",
     "balances": BROKE},
     {HELD: 400, TAX: 24, REFUNDING: -424}),
    ("refund_submitted",
     {"refund": REFUND, "order": ORDER, "held": 400, "released": 600, "commission": 90, "tax": 60, "jurisdiction": "CN",
      "vendor": VENDOR, "balances": {PENDING: 100, AVAILABLE: 150, RESERVE: 999}},
     {HELD: 400, "rev_commission": 90, PENDING: 100, AVAILABLE: 150, OWED: 260, TAX: 60, REFUNDING: -1060}),
    ("refund_submitted",
     {"refund": REFUND, "order": ORDER, "released": 100, "vendor": VENDOR, "balances": {PENDING: 60, AVAILABLE: 70}},
     {PENDING: 60, AVAILABLE: 40, REFUNDING: -100}),
    ("plan_refund_submitted",
     {"refund": REFUND, "subscription": "S-1", "amount": 500, "tax": 30, "jurisdiction": "CN",
      "balances": {"deferred:S-1": 400}},
     {"deferred:S-1": 400, "rev_plan": 100, TAX: 30, REFUNDING: -530}),
    ("plan_refund_submitted", {"refund": REFUND, "subscription": "S-1", "amount": 5, "balances": BROKE},
     {"rev_plan": 5, REFUNDING: -5}),
    ("credit_refund_submitted", {"refund": REFUND, "customer": CUSTOMER, "amount": 40}, {CREDIT: 40, REFUNDING: -40}),
    ("refund_succeeded", {"refund": REFUND, "amount": 424}, {REFUNDING: 424, "cash_stripe": -424}),
    ("refund_succeeded", {"refund": REFUND, "amount": 424, "bank": "ICBC"}, {REFUNDING: 424, BANK: -424}),
    ("dispute_opened", {"amount": 1060, "fee": 100, "balances": BROKE},
     {"dispute_held": 1060, "fee_dispute": 100, "cash_stripe": -1160}),
    ("dispute_opened",
     {"amount": 1060, "fee": 100, "vendor": VENDOR, "vendor_share": 510, "balances": {PENDING: 300, AVAILABLE: 900}},
     {"dispute_held": 1060, "fee_dispute": 100, PENDING: 300, AVAILABLE: 210, "cash_stripe": -1160, RESERVE: -510}),
    ("dispute_opened", {"amount": 1060, "vendor": VENDOR, "vendor_share": 510, "balances": {PENDING: 300,
     AVAILABLE: 9}},
     {"dispute_held": 1060, PENDING: 300, AVAILABLE: 9, "cash_stripe": -1060, RESERVE: -309}),
    ("dispute_won", {"amount": 1060, "balances": BROKE}, {"cash_stripe": 1060, "dispute_held": -1060}),
    ("dispute_won",
     {"amount": 1060, "fee": 100, "vendor": VENDOR, "vendor_share": 510, "balances": {RESERVE: 600, OWED: 50}},
     {"cash_stripe": 1160, RESERVE: 510, "dispute_held": -1060, "fee_dispute": -100, OWED: -50, AVAILABLE: -460}),
    ("dispute_won", {"amount": 1060, "vendor": VENDOR, "vendor_share": 510, "balances": {RESERVE: 200}},
     {"cash_stripe": 1060, RESERVE: 200, "dispute_held": -1060, AVAILABLE: -200}),
    ("dispute_lost",
     {"order": ORDER, "amount": 1060, "commission": 90, "tax": 60, "jurisdiction": "CN", "vendor": VENDOR,
      "balances": {HELD: 400, RESERVE: 200, PENDING: 100, AVAILABLE: 50}},
     {HELD: 400, "rev_commission": 90, RESERVE: 200, PENDING: 100, AVAILABLE: 50, OWED: 160, TAX: 60,
      "dispute_held": -1060}),
    ("dispute_lost", {"order": ORDER, "amount": 300, "balances": {HELD: 400}}, {HELD: 300, "dispute_held": -300}),
    ("plan_dispute_lost",
     {"subscription": "S-1", "amount": 530, "tax": 30, "jurisdiction": "CN", "balances": {"deferred:S-1": 400}},
     {"deferred:S-1": 400, "rev_plan": 100, TAX: 30, "dispute_held": -530}),
    ("plan_dispute_lost", {"subscription": "S-1", "amount": 5, "balances": {"deferred:S-1": 9}},
     {"deferred:S-1": 5, "dispute_held": -5}),
    ("debt_written_off", {"vendor": VENDOR, "amount": 50}, {"dispute_loss": 50, OWED: -50}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "expected"), TABLE, ids=[f"{i}-{row[0]}" for i, row in enumerate(TABLE)])
def test_a_fact_moves_exactly_the_accounts_of_its_row(name, arguments, expected):
    posting = getattr(postings, name)(**FACT, memo="why", **arguments)
    assert lines(posting) == expected
    assert (posting.key, posting.currency, posting.memo) == ("txn_1:settle", "CNY", "why")


def test_the_table_is_complete():
    assert set(ROWS + MORE) - {"refund_failed"} == {name for name, _, _ in TABLE}


@pytest.mark.parametrize("name", ROWS + MORE)
def test_a_fact_is_told_by_keywords_only(name):
    parameters = inspect.signature(getattr(postings, name)).parameters.values()
    assert {parameter.kind for parameter in parameters} == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize(
    ("reason", "name", "arguments"),
    [
        ("too_few_lines", "earned", {"subscription": "S-1", "amount": 0}),
        ("too_few_lines", "invoice_paid", {"customer": CUSTOMER, "due": 5, "amount": 0, "tolerance": 9}),
        ("bad_amount", "earned", {"subscription": "S-1", "amount": -1}),
        ("bad_amount", "earned", {"subscription": "S-1", "amount": 1.0}),
        ("bad_amount", "earned", {"subscription": "S-1", "amount": True}),
        ("bad_amount", "funded", {"order": ORDER, "net": 10, "fee": 11}),
        ("bad_amount", "funded", {"order": ORDER, "net": 10, "tax": -1, "jurisdiction": "CN"}),
        ("bad_amount", "accepted", {"order": ORDER, "vendor": VENDOR, "amount": 10, "commission": 11, "balances": {}}),
        ("bad_amount", "accepted", {"order": ORDER, "vendor": VENDOR, "amount": 10, "commission": -1, "balances": {}}),
        ("bad_amount", "refund_submitted",
         {"refund": REFUND, "order": ORDER, "held": 50, "released": 10, "commission": 11, "balances": {}}),
        ("bad_amount", "dispute_lost", {"order": ORDER, "amount": 10, "tax": 11, "jurisdiction": "CN", "balances": {}}),
        ("bad_amount", "dispute_opened", {"amount": 10, "vendor": VENDOR, "vendor_share": -1, "balances": {}}),
        ("bad_amount", "dispute_won", {"amount": 10, "vendor": VENDOR, "vendor_share": -1, "balances": {}}),
        ("bad_amount", "transfer_matched", {"customer": CUSTOMER, "due": 10, "amount": 10, "tolerance": -1}),
        ("bad_amount", "transfer_matched", {"customer": CUSTOMER, "due": 10, "amount": 10, "tax": 1}),
        ("not_covered", "transfer_matched", {"customer": CUSTOMER, "due": 10, "amount": 8, "tolerance": 1,
         "order": ORDER}),
        ("bad_account", "funded", {"order": ORDER, "net": 10, "tax": 1}),
        ("bad_account", "funded", {"order": "", "net": 10}),
        ("bad_account", "funded", {"order": ORDER, "net": 10, "bank": ""}),
        ("bad_account", "refund_submitted", {"refund": REFUND, "order": ORDER, "released": 10, "balances": {}}),
        ("bad_account", "dispute_lost", {"order": ORDER, "amount": 500, "balances": {HELD: 400}}),
        ("bad_balance", "hold_over", {"vendor": VENDOR, "amount": 10, "balances": {OWED: -1}}),
        ("bad_balance", "hold_over", {"vendor": VENDOR, "amount": 10, "balances": {OWED: 1.5}}),
        ("no_key", "earned", {"subscription": "S-1", "amount": 1, "key": ""}),
        ("bad_currency", "earned", {"subscription": "S-1", "amount": 1, "currency": "RMB"}),
    ],
)  # fmt: skip
def test_a_fact_that_cannot_be_is_refused(reason, name, arguments):
    with refused(reason):
        getattr(postings, name)(**(FACT | arguments))


# Failed refunds and corrections


def a_refund(balances):
    return postings.refund_submitted(
        key="re_1:submit", currency="CNY", refund=REFUND, order=ORDER, held=400, released=600, commission=90, tax=60,
        jurisdiction="CN", vendor=VENDOR, balances=balances,
    )  # fmt: skip


@pytest.mark.parametrize(
    "before", [{}, {PENDING: 100}, {PENDING: 100, AVAILABLE: 200}, {PENDING: 900}, {AVAILABLE: 900}]
)
def test_a_failed_refund_restores_everything(before):
    submitted = a_refund(before)
    failed = postings.refund_failed(
        key="re_1:fail", submitted=submitted, balances={OWED: lines(submitted).get(OWED, 0)}, memo="closed card"
    )
    assert lines(failed) == {name: -amount for name, amount in submitted.lines}
    assert (failed.key, failed.currency, failed.memo) == ("re_1:fail", "CNY", "closed card")


def test_a_failed_refund_repays_only_the_debt_that_is_left():
    submitted = a_refund({PENDING: 100, AVAILABLE: 150})  # 260 became debt, of which 200 were earned back since
    failed = lines(postings.refund_failed(key="re_1:fail", submitted=submitted, balances={OWED: 60}))
    assert (failed[OWED], failed[PENDING], failed[AVAILABLE]) == (-60, -100, -350)


def test_a_failed_refund_repays_a_debt_that_has_grown_first():
    submitted = a_refund({PENDING: 100, AVAILABLE: 150})
    failed = lines(postings.refund_failed(key="re_1:fail", submitted=submitted, balances={OWED: 450}))
    assert (failed[OWED], failed[PENDING], failed.get(AVAILABLE)) == (-450, -60, None)


def test_a_failed_refund_of_held_money_concerns_no_vendor():
    submitted = postings.refund_submitted(**FACT, refund=REFUND, order=ORDER, held=400, balances={})
    assert lines(postings.refund_failed(key="x", submitted=submitted, balances={})) == {REFUNDING: 400, HELD: -400}


def test_only_a_refund_can_fail_as_a_refund():
    with refused("bad_account"):
        postings.refund_failed(key="x", submitted=postings.earned(**FACT, subscription="S-1", amount=5), balances={})


def test_a_correction_is_the_reverse_under_its_own_key():
    posting = postings.funded(**FACT, order=ORDER, net=1000, fee=31)
    undone = postings.reversal(posting, key="txn_1:undo", memo="booked twice")
    assert lines(undone) == {name: -amount for name, amount in posting.lines}
    assert (undone.key, undone.memo) == ("txn_1:undo", "booked twice")


# Another currency


def test_money_in_that_settles_abroad_is_two_balanced_postings():
    paid = postings.funded(**FACT, order=ORDER, net=1000)
    here, there = postings.settled_abroad(paid, currency="USD", amount=140, fee=6)
    assert (here.currency, lines(here)) == ("CNY", {"fx_clearing": 1000, HELD: -1000})
    assert (there.currency, lines(there)) == ("USD", {"cash_stripe": 134, "fee_stripe": 6, "fx_clearing": -140})
    assert here.key == paid.key != there.key


@pytest.mark.parametrize(("amount", "difference"), [(150, {"fx_diff": 10}), (130, {"fx_diff": -10}), (140, {})])
def test_a_refund_abroad_books_the_difference_of_the_rates(amount, difference):
    back = postings.refund_succeeded(**FACT, refund=REFUND, amount=1000)
    here, there = postings.settled_abroad(back, currency="USD", amount=amount, booked=140)
    assert lines(here) == {REFUNDING: 1000, "fx_clearing": -1000}
    assert lines(there) == {"fx_clearing": 140, "cash_stripe": -amount} | difference


def test_a_refund_abroad_may_cost_a_fee_and_need_not_know_what_was_booked():
    back = postings.refund_succeeded(**FACT, refund=REFUND, amount=1000)
    _, there = postings.settled_abroad(back, currency="USD", amount=140, fee=6)
    assert lines(there) == {"fx_clearing": 140, "fee_stripe": 6, "cash_stripe": -146}


def test_what_moves_no_foreign_cash_cannot_settle_abroad():
    with refused("bad_currency"):
        postings.settled_abroad(postings.earned(**FACT, subscription="S-1", amount=5), currency="USD", amount=1)
    with refused("bad_currency"):
        postings.settled_abroad(postings.funded(**FACT, order=ORDER, net=5), currency="CNY", amount=5)


# Every function, any input

small, great, holding = st.integers(0, 99), st.integers(1_000, 10**12), st.integers(0, 2_000) | st.integers(0, 10**12)
BY_NAME = {
    "key": st.just("k"), "currency": st.sampled_from(["CNY", "JPY"]), "memo": st.just(""),
    "bank": st.sampled_from([None, "ICBC"]),
    "amount": great, "net": great, "due": great, "held": holding, "released": great, "vendor_share": holding,
    "tax": small, "fee": small, "commission": small, "tolerance": holding,
    "balances": st.fixed_dictionaries({}, optional=dict.fromkeys((HELD, PENDING, AVAILABLE, RESERVE, OWED,
    "deferred:S-1"), holding)),
    "customer": st.just(CUSTOMER), "order": st.just(ORDER), "vendor": st.just(VENDOR), "payout": st.just(PAYOUT),
    "refund": st.just(REFUND), "subscription": st.just("S-1"), "jurisdiction": st.just("CN"),
}  # fmt: skip


def arguments_of(name):
    wanted = set(inspect.signature(getattr(postings, name)).parameters) - {"payer"}
    if name == "transfer_matched":
        wanted -= {"order", "tax"}
    known = BY_NAME | ({"bank": st.just("ICBC")} if name == "transfer_received" else {})
    return st.fixed_dictionaries({argument: known[argument] for argument in sorted(wanted)})


def in_order(posting, accounts, balances):
    """Nobody gives more than he holds, nor anything before his predecessor is empty; the last one takes the rest."""
    given = [lines(posting).get(account, 0) for account in accounts]
    emptied = [taken == balances.get(account, 0) for taken, account in zip(given, accounts, strict=True)]
    assert all(0 <= g <= balances.get(account, 0) for g, account in zip(given[:-1], accounts[:-1], strict=True))
    assert all(all(emptied[:i]) for i, taken in enumerate(given) if taken)


@pytest.mark.parametrize("name", [name for name in ROWS + MORE if name != "refund_failed"])
def test_any_fact_sums_to_zero_and_names_accounts_of_the_chart(name):
    @settings(max_examples=examples(25), deadline=None, database=None)
    @given(arguments_of(name))
    def holds(arguments):
        posting = getattr(postings, name)(**arguments)
        assert sum(amount for _, amount in posting.lines) == 0
        assert all(amount for _, amount in posting.lines)
        assert all(postings.of_chart(account) for account, _ in posting.lines)

    holds()


@settings(max_examples=examples(100), deadline=None)
@given(arguments_of("refund_submitted"))
def test_a_refund_of_released_money_falls_on_pending_then_available_then_debt(arguments):
    in_order(postings.refund_submitted(**arguments), [PENDING, AVAILABLE, OWED], arguments["balances"])


@settings(max_examples=examples(100), deadline=None)
@given(arguments_of("dispute_lost"))
def test_a_lost_dispute_falls_on_held_reserve_pending_available_then_debt(arguments):
    in_order(postings.dispute_lost(**arguments), [HELD, RESERVE, PENDING, AVAILABLE, OWED], arguments["balances"])


@settings(max_examples=examples(100), deadline=None)
@given(arguments_of("dispute_opened"))
def test_an_open_dispute_sets_aside_only_what_the_vendor_has(arguments):
    posting = postings.dispute_opened(**arguments)
    in_order(posting, [PENDING, AVAILABLE], arguments["balances"])
    assert -lines(posting).get(RESERVE, 0) == min(
        arguments["vendor_share"], arguments["balances"].get(PENDING, 0) + arguments["balances"].get(AVAILABLE, 0)
    )


@pytest.mark.parametrize(
    "name", ["accepted", "hold_over", "payout_failed", "payout_returned", "reserve_released", "dispute_won"]
)
def test_every_credit_to_the_vendor_repays_its_debt_first(name):
    @settings(max_examples=examples(40), deadline=None, database=None)
    @given(arguments_of(name))
    def holds(arguments):
        posting = getattr(postings, name)(**arguments)
        owed, repaid = arguments["balances"].get(OWED, 0), -lines(posting).get(OWED, 0)
        free = -sum(
            lines(posting).get(account, 0) for account in (PENDING, AVAILABLE) if lines(posting).get(account, 0) < 0
        )
        assert 0 <= repaid <= owed
        assert repaid == owed or free == 0

    holds()


# Whole lives


class Books:
    """A ledger of one currency in a dictionary: what the database will enforce."""

    def __init__(self):
        self.signed, self.keys = {}, set()

    def post(self, posting):
        assert posting.key not in self.keys, "booked twice"
        self.keys.add(posting.key)
        for account, amount in posting.lines:
            self.signed[account] = self.signed.get(account, 0) + amount
            assert not postings.of_chart(account).floor or self[account] >= 0, f"{account} crosses its floor"
        return posting

    def __getitem__(self, account):
        return self.signed.get(account, 0) * postings.of_chart(account).sign

    def balances(self):
        return {account: self[account] for account in self.signed if postings.of_chart(account).floor}

    def open(self):
        """Whatever is not at zero, but for cash, revenue and expense."""
        lasting = {account for account in self.signed if postings.of_chart(account).kind in ("asset", "liability")}
        return {account: self[account] for account in lasting if self[account] and not account.startswith("cash_")}


def test_a_whole_life_keeps_all_floors_and_ends_at_zero():
    books, n = Books(), iter(range(99))

    def book(name, **arguments):
        if "balances" in inspect.signature(getattr(postings, name)).parameters:
            arguments["balances"] = books.balances()
        return books.post(getattr(postings, name)(key=f"fact_{next(n)}", currency="CNY", **arguments))

    book("funded", order=ORDER, net=1000, tax=60, jurisdiction="CN", fee=31)
    book("accepted", order=ORDER, vendor=VENDOR, amount=800, commission=money.commission_due(1_500, 800, 0))
    book("hold_over", vendor=VENDOR, amount=680)
    book("payout_created", vendor=VENDOR, payout=PAYOUT, amount=680)
    book("payout_paid", payout=PAYOUT, amount=680)
    book("payout_returned", vendor=VENDOR, amount=680)
    book("payout_created", vendor=VENDOR, payout=PAYOUT, amount=600)
    book("payout_failed", vendor=VENDOR, payout=PAYOUT, amount=600)
    book("payout_created", vendor=VENDOR, payout=PAYOUT, amount=600)
    book("payout_paid", payout=PAYOUT, amount=600)
    back = {"refund": REFUND, "order": ORDER, "held": 100, "released": 100, "commission": 15, "vendor": VENDOR}
    tax = {"tax": money.tax_due_back(1000, 60, 200, 0), "jurisdiction": "CN"}
    books.post(
        postings.refund_failed(
            key="failed", submitted=book("refund_submitted", **back, **tax), balances=books.balances()
        )
    )
    book("refund_submitted", **back, **tax)
    book("refund_succeeded", refund=REFUND, amount=212)
    assert books[OWED] == 5  # 85 to give back, 80 were still there
    book("dispute_opened", amount=848, fee=100, vendor=VENDOR, vendor_share=595)
    book("dispute_won", amount=848, vendor=VENDOR, vendor_share=0)
    book("dispute_opened", amount=848, vendor=VENDOR, vendor_share=595)
    book("dispute_lost", order=ORDER, amount=848, commission=105, tax=48, jurisdiction="CN", vendor=VENDOR)
    assert books[OWED] == 600
    book("debt_written_off", vendor=VENDOR, amount=600)
    assert books.open() == {}
    assert books["rev_commission"] == 0
    assert -books["cash_stripe"] == books["fee_stripe"] + books["fee_dispute"] + books["dispute_loss"] == 731


def test_a_plan_of_the_house_is_invoiced_paid_earned_and_refunded_to_zero():
    books, tax = Books(), {"tax": 72, "jurisdiction": "CN"}
    plan, theirs = {"currency": "CNY", "subscription": "S-1"}, {"currency": "CNY", "customer": CUSTOMER}
    books.post(postings.invoice_issued(key="1", net=1200, **tax, **plan, customer=CUSTOMER))
    books.post(postings.transfer_received(key="2", bank="ICBC", amount=1300, **theirs))
    books.post(postings.transfer_matched(key="3", due=1272, amount=1300, **theirs))
    books.post(postings.earned(key="4", amount=100, **plan))
    books.post(
        postings.plan_refund_submitted(key="5", refund="R-1", amount=1200, **tax, **plan, balances=books.balances())
    )
    books.post(postings.credit_refund_submitted(key="6", refund="R-2", amount=28, **theirs))
    books.post(postings.refund_succeeded(key="7", currency="CNY", refund="R-1", amount=1272, bank="ICBC"))
    books.post(postings.refund_succeeded(key="8", currency="CNY", refund="R-2", amount=28, bank="ICBC"))
    assert not any(books.signed.values())


class Order:
    """What the caller of the postings knows about one order, tax-free unless it says tax."""

    def __init__(self, reference, net, tax):
        self.reference, self.net, self.tax = reference, net, tax
        self.released = self.taken = self.refunded = self.tax_back = 0
        self.busy = False

    def give_back(self, held, released):
        """The arguments of a refund or a lost dispute of these two parts, and the books of the order moved on."""
        commission = -money.commission_due(1_500, self.released - released, self.taken, fixed=7, minimum=20)
        tax = money.tax_due_back(self.net, self.tax, self.refunded + held + released, self.tax_back)
        self.released -= released
        self.taken -= commission
        self.refunded += held + released
        self.tax_back += tax
        return {"order": self.reference, "commission": commission, "tax": tax, "jurisdiction": "CN", "vendor": VENDOR}


percent = st.integers(0, 100)


class Life(RuleBasedStateMachine):
    """One vendor, its orders, and everything that can happen to them in any sequence."""

    @initialize()
    def begin(self):
        self.books, self.facts = Books(), 0
        self.orders, self.payouts, self.refunds, self.disputes = [], {}, [], []
        self.paid_out = self.given_up = 0

    def book(self, name, **arguments):
        self.facts += 1
        function = getattr(postings, name)
        if "balances" in inspect.signature(function).parameters:
            arguments["balances"] = self.books.balances()
        if name != "refund_failed":
            arguments["currency"] = "CNY"
        try:
            return self.books.post(function(key=f"fact_{self.facts}", **arguments))
        except PostingError as error:
            assert error.reason == "too_few_lines"  # a share of nothing
            return None

    def an_order(self, data):
        return data.draw(st.sampled_from(self.idle()))

    def idle(self):
        return [order for order in getattr(self, "orders", []) if not order.busy]

    def held(self, order):
        return self.books[f"held:{order.reference}"]

    @rule(net=st.integers(1, 9_999), bps=st.sampled_from([0, 600, 1_300]))
    def fund(self, net, bps):
        order = Order(f"ORD-{len(self.orders)}", net, money.tax_exclusive([net], bps)[0])
        self.orders.append(order)
        self.book("funded", order=order.reference, net=net, tax=order.tax, jurisdiction="CN", fee=net // 40)

    @precondition(lambda self: self.idle())
    @rule(data=st.data(), share=percent)
    def accept(self, data, share):
        order = self.an_order(data)
        amount = self.held(order) * share // 100
        order.released += amount
        due = money.commission_due(1_500, order.released, order.taken, fixed=7, minimum=20)
        order.taken += due
        self.book("accepted", order=order.reference, vendor=VENDOR, amount=amount, commission=due)

    @rule(share=percent)
    def end_hold(self, share):
        self.book("hold_over", vendor=VENDOR, amount=self.books[PENDING] * share // 100)

    @rule(share=percent, taken=st.booleans())
    def move_reserve(self, share, taken):
        name, source = ("reserve_taken", AVAILABLE) if taken else ("reserve_released", RESERVE)
        self.book(name, vendor=VENDOR, amount=self.books[source] * share // 100)

    @rule(share=percent)
    def pay_out(self, share):
        amount, payout = self.books[AVAILABLE] * share // 100, f"P-{self.facts}"
        if self.book("payout_created", vendor=VENDOR, payout=payout, amount=amount):
            self.payouts[payout] = amount

    @precondition(lambda self: getattr(self, "payouts", None))
    @rule(how=st.sampled_from(["paid", "failed", "returned"]))
    def end_payout(self, how):
        payout, amount = self.payouts.popitem()
        if how == "failed":
            self.book("payout_failed", payout=payout, vendor=VENDOR, amount=amount)
            return
        self.book("payout_paid", payout=payout, amount=amount)
        self.paid_out += amount
        if how == "returned":
            self.paid_out -= amount
            self.book("payout_returned", vendor=VENDOR, amount=amount)

    def submit_refund(self, order, held, released):
        was, refund = dict(vars(order)), f"R-{self.facts}"
        posting = self.book(
            "refund_submitted", refund=refund, held=held, released=released, **order.give_back(held, released)
        )
        if posting:
            order.busy = True
            self.refunds.append((order, was, refund, posting))

    @precondition(lambda self: self.idle())
    @rule(data=st.data(), held=percent, released=percent)
    def refund(self, data, held, released):
        order = self.an_order(data)
        self.submit_refund(order, self.held(order) * held // 100, order.released * released // 100)

    @precondition(lambda self: getattr(self, "refunds", None))
    @rule(fails=st.booleans())
    def end_refund(self, fails):
        order, was, refund, posting = self.refunds.pop(0)
        if fails:
            self.book("refund_failed", submitted=posting)
            vars(order).update(was)
        else:
            self.book("refund_succeeded", refund=refund, amount=-lines(posting)[f"refund_transit:{refund}"])
        order.busy = False

    @precondition(lambda self: self.idle())
    @rule(data=st.data(), share=percent)
    def open_dispute(self, data, share):
        order = self.an_order(data)
        net = (self.held(order) + order.released) * share // 100
        after = Order("", order.net, order.tax)
        vars(after).update(vars(order))
        held = min(net, self.held(order))
        gone = after.give_back(held, net - held)
        vendor_share = net - held - gone["commission"]
        posting = self.book(
            "dispute_opened", amount=net + gone["tax"], fee=100, vendor=VENDOR, vendor_share=vendor_share
        )
        aside = -lines(posting).get(RESERVE, 0)
        order.busy = True
        self.disputes.append((order, held, net - held, net + gone["tax"], aside))

    @precondition(lambda self: getattr(self, "disputes", None))
    @rule(won=st.booleans())
    def end_dispute(self, won):
        order, held, released, amount, aside = self.disputes.pop(0)
        order.busy = False
        if won:
            self.book("dispute_won", amount=amount, vendor=VENDOR, vendor_share=aside)
        else:
            self.book("dispute_lost", amount=amount, **order.give_back(held, released))

    @rule()
    def give_up_debt(self):
        owed = self.books[OWED]
        self.given_up += owed
        self.book("debt_written_off", vendor=VENDOR, amount=owed)

    @invariant()
    def the_books_sum_to_zero(self):
        assert sum(self.books.signed.values()) == 0

    @invariant()
    def funded_is_held_and_released_and_refunded(self):
        for order in self.orders:
            assert order.net == self.held(order) + order.released + order.refunded

    @invariant()
    def commission_is_that_of_the_released_total(self):
        expected = [money.commission(order.released, 1_500, fixed=7, minimum=20) for order in self.orders]
        assert [order.taken for order in self.orders] == expected
        assert self.books["rev_commission"] == sum(expected)

    @invariant()
    def the_vendor_has_what_was_released_less_commission(self):
        mine = sum(self.books[account] for account in (PENDING, AVAILABLE, RESERVE)) + sum(self.payouts.values())
        earned = sum(order.released - order.taken for order in self.orders)
        assert mine - self.books[OWED] + self.paid_out - self.given_up == earned

    @invariant()
    def the_tax_is_that_of_what_was_not_refunded(self):
        assert self.books[TAX] == sum(order.tax - order.tax_back for order in self.orders)

    def teardown(self):
        """Everything ends: what is open is closed, all is refunded, the vendor paid or its debt given up."""
        if not hasattr(self, "books"):
            return
        while self.refunds:
            self.end_refund(fails=True)
        while self.disputes:
            self.end_dispute(won=False)
        for order in self.orders:
            self.submit_refund(order, self.held(order), order.released)
        while self.refunds:
            self.end_refund(fails=False)
        self.move_reserve(share=100, taken=False)
        self.end_hold(share=100)
        self.pay_out(share=100)
        while self.payouts:
            self.end_payout(how="paid")
        self.give_up_debt()
        assert self.books.open() == {}
        assert self.books["rev_commission"] == 0


TestAnyLife = Life.TestCase
TestAnyLife.settings = settings(max_examples=examples(100), stateful_step_count=40, deadline=None)


# The module


@pytest.mark.parametrize("module", ["money", "postings"])
def test_the_module_is_pure(module):
    tree = ast.parse(Path(inspect.getfile(postings)).with_name(f"{module}.py").read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= {
        "billing", "calendar", "collections", "dataclasses", "datetime", "re", "types", "typing",
    }  # fmt: skip
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Div)]

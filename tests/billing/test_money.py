"""billing/money.py: each rule of PURE.md by its name, by table and by property."""

from calendar import monthrange
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from billing import money
from tests.proof import examples

amounts = st.integers(-(10**15), 10**15) | st.integers(-50, 50)
sizes = st.integers(0, 10**12) | st.integers(0, 50)
rates = st.integers(0, 12_000)
weights = st.lists(st.integers(0, 10**6) | st.integers(0, 3), min_size=1, max_size=12).filter(any)
currencies = st.sampled_from(["JPY", "CNY", "KWD", "CLF"])
terms = st.fixed_dictionaries(
    {"fixed": st.integers(0, 500), "minimum": st.none() | sizes, "maximum": st.none() | sizes},
)


def often(n):
    return settings(max_examples=examples(n), deadline=None)


def half_away(exact: Fraction) -> int:
    """Written another way than the module, so that both would have to be wrong."""
    return floor(exact + Fraction(1, 2)) if exact >= 0 else -floor(-exact + Fraction(1, 2))


# Currencies


@pytest.mark.parametrize(
    ("digits", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "CNY EUR USD HKD MGA MRU CHE CHW COU MXV BOV USN SLE VES ZWG XCG HUF TWD IDR LAK MMK"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_a_currency_has_the_digits_of_iso_4217(digits, codes):
    assert {code: money.minor_digits(code) for code in codes.split()} == dict.fromkeys(codes.split(), digits)


def test_only_the_listed_currencies_have_other_than_two_digits():
    others = [code for code in money._CURRENCIES if money.minor_digits(code) != 2]
    assert len(others) == 17 + 7 + 2
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in money._CURRENCIES)


@pytest.mark.parametrize(
    "code", ["", "cny", "CN", "CNYY", " CNY", "CNY\n", "ABC", "XXX", "XTS", "XAU", "XDR", "\uff23NY", None]
)
def test_an_unknown_or_ill_formed_currency_is_refused(code):
    with pytest.raises(ValueError, match="currency"):
        money.minor_digits(code)


# Text


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1234.565", "USD", 123457),
        ("-1234.565", "USD", -123457),
        ("0.5", "JPY", 1),
        ("-0.5", "JPY", -1),
        ("0.49", "JPY", 0),
        ("-0.004", "CNY", 0),
        ("1.0005", "KWD", 1001),
        ("1.00049999", "KWD", 1000),
        ("007", "CNY", 700),
        ("0.995", "CNY", 100),
        ("1.5", "CLF", 15000),
        ("99999999999999999999.99", "CNY", 9999999999999999999999),
    ],
)
def test_text_becomes_minor_units_half_away_from_zero(text, currency, minor):
    assert money.to_minor(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    ["", "-", ".5", "5.", "+5", " 5", "5 ", "5\n", "1,000", "1e3", "--5", "1.2.3", "1_000", "\u0661", "\uff15",
     "\u22125", "NaN",
     "inf", "0x10", "9" * 5000, None, 5, 5.0, b"5"],
)  # fmt: skip
def test_text_that_is_no_amount_is_refused(text):
    with pytest.raises(ValueError):
        money.to_minor(text, "CNY")


def test_text_in_an_unknown_currency_is_refused():
    with pytest.raises(ValueError, match="currency"):
        money.to_minor("1.00", "ABC")


@often(150)
@given(st.from_regex(r"\A-?[0-9]{1,12}(\.[0-9]{1,7})?\Z").filter(str.isascii), currencies)
def test_text_is_read_as_decimal_rounds_half_up(text, currency):
    digits = money.minor_digits(currency)
    expected = (Decimal(text).scaleb(digits)).quantize(Decimal(1), ROUND_HALF_UP)
    assert money.to_minor(text, currency) == int(expected)


@often(100)
@given(st.text("0123456789.-+ e_\u0663", max_size=6))
def test_text_is_read_by_the_pattern_or_refused(text):
    whole, dot, fraction = text.removeprefix("-").partition(".")
    digits = set("0123456789")
    if whole and set(whole + fraction) <= digits and bool(dot) == bool(fraction):
        assert isinstance(money.to_minor(text, "CNY"), int)
    else:
        with pytest.raises(ValueError, match="amount"):
            money.to_minor(text, "CNY")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(123457, "USD", "1234.57"), (-5, "CNY", "-0.05"), (0, "CNY", "0.00"), (-7, "JPY", "-7"), (1, "CLF", "0.0001")],
)
def test_minor_units_become_text(minor, currency, text):
    assert money.to_text(minor, currency) == text


@often(100)
@given(amounts, currencies)
def test_text_of_an_amount_reads_back_as_that_amount(amount, currency):
    assert money.to_minor(money.to_text(amount, currency), currency) == amount


# Ratio and split


@pytest.mark.parametrize(
    ("amount", "numerator", "denominator", "result"),
    [(1, 1, 2, 1), (-1, 1, 2, -1), (3, 1, 2, 2), (5, 1, 2, 3), (1, 1, 3, 0), (2, 1, 3, 1), (1, -1, 2, -1), (1, 1, -2,
     -1),
     (-1, 1, -2, 1), (0, 5, 7, 0), (10**30, 1, 3, 333333333333333333333333333333), (2**53 + 1, 1, 1, 2**53 + 1)],
)  # fmt: skip
def test_a_ratio_is_rounded_half_away_from_zero(amount, numerator, denominator, result):
    assert money.ratio(amount, numerator, denominator) == result


@often(150)
@given(amounts, amounts, amounts.filter(bool))
def test_a_ratio_is_exact(amount, numerator, denominator):
    assert money.ratio(amount, numerator, denominator) == half_away(Fraction(amount * numerator, denominator))


def test_a_ratio_over_zero_is_refused():
    with pytest.raises(ValueError, match="zero"):
        money.ratio(1, 1, 0)


@pytest.mark.parametrize(
    ("amount", "by", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (10, [0, 3, 0], [0, 10, 0]),
        (5, [50, 25, 25], [3, 1, 1]),
        (1, [1, 2, 2], [0, 1, 0]),
        (0, [7, 0], [0, 0]),
        (1000, [30, 60, 10], [300, 600, 100]),
    ],
)
def test_a_split_gives_the_rest_to_the_largest_remainders_and_ties_to_the_lowest_index(amount, by, parts):
    assert money.split(amount, by) == parts


@pytest.mark.parametrize("by", [[], [0], [0, 0], [1, -1], [-1], [2, -1, 3]])
def test_a_split_without_a_weight_or_by_a_negative_one_is_refused(by):
    with pytest.raises(ValueError, match="weights"):
        money.split(10, by)


@often(150)
@given(amounts, weights)
def test_a_split_conserves_and_is_fair(amount, by):
    parts = money.split(amount, by)
    exact = [Fraction(amount * weight, sum(by)) for weight in by]
    assert sum(parts) == amount
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))


@often(100)
@given(amounts, weights)
def test_a_split_never_prefers_a_smaller_remainder(amount, by):
    size, total = abs(amount), sum(by)
    got_more = [abs(part) > size * weight // total for part, weight in zip(money.split(amount, by), by, strict=True)]
    rank = [(-(size * weight % total), i) for i, weight in enumerate(by)]
    lucky = [r for r, more in zip(rank, got_more, strict=True) if more]
    others = [r for r, more in zip(rank, got_more, strict=True) if not more]
    assert not lucky or not others or max(lucky) < min(others)


@often(100)
@given(amounts, weights)
def test_a_split_of_the_negative_is_the_negative_split(amount, by):
    assert money.split(-amount, by) == [-part for part in money.split(amount, by)]


# Commission


@pytest.mark.parametrize(
    ("base", "bps", "limits", "fee"),
    [
        (10_000, 1_000, {}, 1_000),
        (5, 1_000, {}, 1),
        (4, 1_000, {}, 0),
        (10_000, 0, {}, 0),
        (10_000, 1_000, {"fixed": 30}, 1_030),
        (10_000, 1_000, {"minimum": 2_000}, 2_000),
        (10_000, 1_000, {"maximum": 300}, 300),
        (10_000, 1_000, {"fixed": 30, "maximum": 1_010}, 1_010),
        (10_000, 1_000, {"minimum": 2_000, "maximum": 1_500}, 1_500),
        (10_000, 1_000, {"maximum": 0}, 0),
        (100, 1_000, {"minimum": 2_000}, 100),
        (100, 0, {"fixed": 500}, 100),
        (0, 1_000, {"fixed": 30, "minimum": 50}, 0),
        (100, 20_000, {}, 100),
    ],
)
def test_a_commission_is_ratio_plus_fixed_then_minimum_then_maximum_then_at_most_the_base(base, bps, limits, fee):
    assert money.commission(base, bps, **limits) == fee


@pytest.mark.parametrize(
    "wrong", [{"base": -1}, {"bps": -1}, {"fixed": -1}, {"minimum": -1}, {"maximum": -1}, {"base": 1.0}, {"bps": True}]
)
def test_a_commission_on_or_with_less_than_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match=r"negative|whole"):
        money.commission(**({"base": 100, "bps": 100} | wrong))


@often(100)
@given(sizes, rates, terms)
def test_a_commission_lies_between_zero_and_its_base(base, bps, limits):
    assert 0 <= money.commission(base, bps, **limits) <= base


@often(100)
@given(rates, terms, st.lists(st.integers(-(10**6), 10**6) | st.integers(-9, 9), min_size=1, max_size=20))
def test_commission_due_telescopes_over_any_releases_and_refunds(bps, limits, steps):
    released = taken = 0
    for step in steps:
        step = max(step, -released)  # a refund gives back at most what was released
        released += step
        due = money.commission_due(bps, released, taken, **limits)
        assert min(step, 0) <= due <= max(step, 0)  # a release owes at most itself, a refund gives back at most itself
        taken += due
        assert taken == money.commission(released, bps, **limits)


@often(100)
@given(rates, terms, sizes, st.integers(0, 100))
def test_commission_due_gives_everything_back_when_everything_is_refunded(bps, limits, released, percent):
    taken = money.commission_due(bps, released, 0, **limits)
    left = released * percent // 100
    taken += money.commission_due(bps, left, taken, **limits)
    assert money.commission_due(bps, 0, taken, **limits) == -taken


def test_three_equal_milestones_pay_the_commission_of_their_sum():
    dues, taken = [], 0
    for released in (333, 666, 999):
        dues.append(money.commission_due(1_500, released, taken))
        taken += dues[-1]
    assert (dues, taken) == ([50, 50, 50], money.commission(999, 1_500))


def test_commission_due_on_a_negative_total_is_refused():
    with pytest.raises(ValueError, match="negative"):
        money.commission_due(100, -1, 0)


# Tax


@pytest.mark.parametrize(
    ("nets", "bps", "total", "lines"),
    [
        ([10_000], 600, 600, [600]),
        ([8, 8, 8], 600, 1, [1, 0, 0]),  # each alone rounds to 0
        ([10, 10, 10], 500, 2, [1, 1, 0]),  # each alone rounds to 1
        ([1, 9, 9], 600, 1, [0, 1, 0]),
        ([1_000, -300], 600, 42, [60, -18]),
        ([5, -5], 1_000, 0, [1, -1]),
        ([-5], 1_000, -1, [-1]),
        ([-4, -4], 600, 0, [0, 0]),
        ([100, 200], 0, 0, [0, 0]),
        ([], 600, 0, []),
    ],
)
def test_exclusive_tax_is_rounded_once_and_lines_get_the_rest_by_largest_fraction(nets, bps, total, lines):
    assert money.tax_exclusive(nets, bps) == (total, lines)


@often(150)
@given(st.lists(amounts, max_size=15), rates)
def test_exclusive_tax_lines_sum_and_stay_within_one_unit(nets, bps):
    total, lines = money.tax_exclusive(nets, bps)
    assert total == sum(lines) == half_away(Fraction(sum(nets) * bps, 10_000))
    assert all(line - net * bps // 10_000 in (0, 1) for line, net in zip(lines, nets, strict=True))
    assert all(line == 0 for line, net in zip(lines, nets, strict=True) if net == 0)


@often(100)
@given(st.lists(amounts, min_size=1, max_size=10), rates)
def test_exclusive_tax_never_prefers_a_smaller_fraction(nets, bps):
    _, lines = money.tax_exclusive(nets, bps)
    rank = [(-(net * bps % 10_000), i) for i, net in enumerate(nets)]
    more = [line > net * bps // 10_000 for line, net in zip(lines, nets, strict=True)]
    lucky = [r for r, m in zip(rank, more, strict=True) if m]
    others = [r for r, m in zip(rank, more, strict=True) if not m]
    assert not lucky or not others or max(lucky) < min(others)


@pytest.mark.parametrize(
    ("gross", "bps", "net", "tax"),
    [
        (10_600, 600, 10_000, 600),
        (100, 600, 94, 6),
        (1, 600, 1, 0),
        (-100, 600, -94, -6),
        (0, 1_300, 0, 0),
        (50, 0, 50, 0),
    ],
)
def test_inclusive_tax_rounds_the_net_and_the_tax_is_the_rest(gross, bps, net, tax):
    assert money.tax_inclusive(gross, bps) == (net, tax)


@often(100)
@given(amounts, rates)
def test_inclusive_tax_conserves_the_gross(gross, bps):
    net, tax = money.tax_inclusive(gross, bps)
    assert net + tax == gross
    assert net == half_away(Fraction(gross * 10_000, 10_000 + bps))


@often(100)
@given(amounts, rates)
def test_exclusive_and_inclusive_tax_agree(net, bps):
    tax, _ = money.tax_exclusive([net], bps)
    assert money.tax_inclusive(net + tax, bps) == (net, tax)


@pytest.mark.parametrize("call", [lambda: money.tax_exclusive([1], -1), lambda: money.tax_inclusive(1, -1)])
def test_a_negative_tax_rate_is_refused(call):
    with pytest.raises(ValueError, match="negative"):
        call()


@often(100)
@given(st.integers(1, 10**9), st.integers(0, 10**8), st.lists(st.integers(0, 10**9), max_size=8))
def test_refunds_take_the_cumulative_share_of_the_original_tax(net, tax, steps):
    refunded = returned = 0
    for step in [*steps, net]:  # the last one takes the rest
        refunded = min(net, refunded + step)
        back = money.tax_due_back(net, tax, refunded, returned)
        assert back >= 0
        returned += back
        assert returned == half_away(Fraction(tax * refunded, net))
    assert returned == tax


@pytest.mark.parametrize("wrong", [(100, 6, 101, 0), (100, 6, -1, 0), (0, 6, 0, 0), (100, -6, 50, 0), (-100, 6, 0, 0)])
def test_tax_due_back_on_more_than_was_paid_is_refused(wrong):
    with pytest.raises(ValueError, match=r"refunded|negative"):
        money.tax_due_back(*wrong)


# Time


@pytest.mark.parametrize(
    ("old", "new", "remaining", "period", "credit_debit"),
    [
        (3_000, 6_000, 15, 30, (1_500, 3_000)),
        (1, 3, 1, 2, (1, 2)),  # rounded separately: the difference would be 1 either way, the halves are not lost
        (100, 200, 0, 30, (0, 0)),
        (100, 200, 30, 30, (100, 200)),
        (9_900, 19_900, 1_000_000, 2_678_400, (3_696, 7_430)),
        (0, 500, 1, 3, (0, 167)),
    ],
)
def test_proration_is_by_exact_seconds_with_credit_and_debit_rounded_separately(
    old, new, remaining, period, credit_debit
):
    assert money.prorate(old, new, remaining, period) == credit_debit


@often(100)
@given(sizes, sizes, sizes, st.integers(1, 10**8))
def test_proration_is_exact_and_within_the_prices(old, new, remaining, period):
    remaining %= period + 1
    credit, debit = money.prorate(old, new, remaining, period)
    assert 0 <= credit <= old
    assert 0 <= debit <= new
    assert (credit, debit) == tuple(half_away(Fraction(price * remaining, period)) for price in (old, new))


@pytest.mark.parametrize(("remaining", "period"), [(-1, 30), (31, 30), (0, 0), (0, -1), (1, 0), (0.5, 1), (True, 1)])
def test_proration_outside_the_period_is_refused(remaining, period):
    with pytest.raises(ValueError, match=r"seconds|negative|whole"):
        money.prorate(100, 200, remaining, period)


@pytest.mark.parametrize(
    ("start", "months", "dates"),
    [
        (date(2026, 1, 31), 1, [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]),
        (date(2024, 2, 29), 12, [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]),
        (date(2023, 11, 30), 3, [date(2024, 2, 29), date(2024, 5, 30), date(2024, 8, 30), date(2024, 11, 30)]),
        (date(9999, 7, 31), 1, [date(9999, 8, 31), date(9999, 9, 30), date(9999, 10, 31), date(9999, 11, 30)]),
        (date(2026, 12, 1), 1, [date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1)]),
    ],
)
def test_anchor_dates_keep_the_day_and_clamp_to_month_ends(start, months, dates):
    assert money.anchor_dates(start, months, 4) == dates


@often(100)
@given(st.dates(date(1, 1, 1), date(9000, 1, 1)), st.integers(1, 36), st.integers(0, 60))
def test_anchor_dates_never_drift(start, months, count):
    dates = money.anchor_dates(start, months, count)
    assert len(dates) == count
    for k, day in enumerate(dates, start=1):
        assert (day.year - start.year) * 12 + day.month - start.month == k * months
        assert day.day == min(start.day, monthrange(day.year, day.month)[1])


@pytest.mark.parametrize(
    ("start", "months", "count"),
    [(date(2026, 1, 1), 0, 1), (date(2026, 1, 1), -1, 1), (date(2026, 1, 1), 1, -1), (date(9999, 12, 1), 1, 1),
     (datetime(2026, 1, 1, tzinfo=UTC), 1, 1), ("2026-01-01", 1, 1), (date(2026, 1, 1), 1.0, 1), (date(2026, 1, 1), 1,
      True)],
)  # fmt: skip
def test_anchor_dates_without_a_date_a_step_or_a_calendar_are_refused(start, months, count):
    with pytest.raises(ValueError, match=r"anchor|negative|9999|whole"):
        money.anchor_dates(start, months, count)


# No floats


@pytest.mark.parametrize("wrong", [1.0, True, "1", None, Decimal(1), Fraction(1)])
@pytest.mark.parametrize(
    "call",
    [
        lambda x: money.to_text(x, "CNY"),
        lambda x: money.ratio(x, 1, 1),
        lambda x: money.ratio(1, x, 1),
        lambda x: money.ratio(1, 1, x),
        lambda x: money.split(x, [1]),
        lambda x: money.split(1, [x]),
        lambda x: money.commission(x, 1),
        lambda x: money.commission(1, 1, minimum=x) if x is not None else money.commission(x, 1),
        lambda x: money.commission_due(1, 1, x),
        lambda x: money.tax_exclusive([x], 1),
        lambda x: money.tax_exclusive([1], x),
        lambda x: money.tax_inclusive(x, 1),
        lambda x: money.tax_due_back(1, 1, 1, x),
        lambda x: money.prorate(x, 1, 1, 1),
    ],
)
def test_an_amount_is_a_whole_number_and_nothing_else(call, wrong):
    with pytest.raises(ValueError):
        call(wrong)


@often(100)
@given(amounts, st.integers(1, 10**9))
def test_great_amounts_lose_nothing(amount, factor):
    assume(amount)
    assert money.ratio(amount * factor * 10**20, 1, factor * 10**20) == amount

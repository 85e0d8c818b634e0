"""Exact money: integers in minor units, every stated quantity rounded once, half away from zero.

There is no float and no Decimal here. Amounts may be negative unless a function says otherwise; rates are basis
points (600 is 6 %). Wrong input raises ValueError: a float, a bool or a negative rate has no answer. The rules are
those of PURE.md and of DESIGN.md section 11.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime

WHOLE = 10_000
"""Basis points in one."""

# ISO 4217 list one (2026). Codes without a minor unit (metals, XDR, XTS, XXX) are not money that can be invoiced.
# The digits are the standard's: CLDR displays fewer for some (IQD), Stripe bills some zero-digit ones in hundredths
# (ISK, UGX). What a screen or a rail wants is its own business.
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_TWO_DIGITS = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
    COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
    ANG BGN HRK SLL ZWL
"""  # the last line: withdrawn since 2023, kept because what was booked in them stays readable
_EXCEPTIONS = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}
_CURRENCIES = dict.fromkeys(_TWO_DIGITS.split(), 2) | _EXCEPTIONS

_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")


def minor_digits(currency: str) -> int:
    """How many decimals the currency has by ISO 4217: JPY 0, CNY 2, KWD 3. Upper case only."""
    if currency not in _CURRENCIES:
        raise ValueError(f"no ISO 4217 currency: {currency!r}")
    return _CURRENCIES[currency]


def to_minor(text: str, currency: str) -> int:
    r"""Read `-?[0-9]+(\.[0-9]+)?` (ASCII) as minor units, half away from zero: "1234.565" USD is 123457."""
    digits = minor_digits(currency)
    match = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"no amount: {text!r}")
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    size = int(whole + fraction[:digits].ljust(digits, "0"))
    if fraction[digits : digits + 1] >= "5":  # the first digit cut off decides alone: half goes away from zero
        size += 1
    return -size if sign else size


def to_text(amount: int, currency: str) -> str:
    """The inverse of `to_minor`: 123457 USD is "1234.57", without grouping or symbol; for documents and the API."""
    _whole(amount)
    digits = minor_digits(currency)
    padded = str(abs(amount)).rjust(digits + 1, "0")
    cut = len(padded) - digits
    return ("-" if amount < 0 else "") + padded[:cut] + ("." + padded[cut:] if digits else "")


def rate_text(bps: int) -> str:
    """Basis points as a percentage in figures: 600 is "6", 650 is "6.5", 25 is "0.25"."""
    _not_negative(bps)
    whole, rest = divmod(bps, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def ratio(amount: int, numerator: int, denominator: int) -> int:
    """amount * numerator / denominator, exact, then rounded half away from zero. ValueError for a denominator of 0."""
    _whole(amount, numerator, denominator)
    if denominator == 0:
        raise ValueError("denominator is zero")
    product = amount * numerator
    size = (2 * abs(product) + abs(denominator)) // (2 * abs(denominator))
    return size if (product < 0) == (denominator < 0) else -size


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide minor units by weight without losing one; the largest remainders take the rest, ties the lowest index.

    The parts sum to `amount`, each is less than one unit from its exact share, and split(-n, w) is the mirror of
    split(n, w). Raises ValueError when weights are empty, negative or all zero.
    """
    _whole(amount, *weights)
    if not any(weights) or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    size, total = abs(amount), sum(weights)
    parts = _hand_out(size, [size * weight for weight in weights], total)
    return [-part for part in parts] if amount < 0 else parts


def commission(base: int, bps: int, *, fixed: int = 0, minimum: int | None = None, maximum: int | None = None) -> int:
    """The house's fee on the tax-free amount `base`: ratio plus fixed, then minimum, then maximum, then at most base.

    Where minimum and maximum contradict each other the maximum wins. Raises ValueError when base, a rate or a
    limit is negative.
    """
    _not_negative(base, bps, fixed, *(limit for limit in (minimum, maximum) if limit is not None))
    fee = ratio(base, bps, WHOLE) + fixed
    if minimum is not None:
        fee = max(fee, minimum)
    if maximum is not None:
        fee = min(fee, maximum)
    return min(fee, base)


def commission_due(
    bps: int, released: int, taken: int, *, fixed: int = 0, minimum: int | None = None, maximum: int | None = None
) -> int:
    """What to take now that `released` (tax-free, refunds subtracted) is the order's total and `taken` was taken.

    Telescoping: after every step the sum taken is commission(released), so neither milestones, partial acceptances
    nor refunds drift. Negative after a refund: the house gives that much back. A release never owes more than itself.
    """
    _whole(taken)
    return commission(released, bps, fixed=fixed, minimum=minimum, maximum=maximum) - taken


def tax_exclusive(nets: Sequence[int], bps: int) -> tuple[int, list[int]]:
    """Tax on top of the net lines of one rate: (total, tax of each line), lines summing to the total.

    The total is rounded once, on the sum of the lines. Each line gets the floor of its exact tax (a discount's is
    below zero), what is left goes to the largest fractions, ties to the lowest index. No lines: (0, []).
    """
    _whole(*nets)
    _not_negative(bps)
    total = ratio(sum(nets), bps, WHOLE)
    return total, _hand_out(total, [net * bps for net in nets], WHOLE)


def tax_inclusive(gross: int, bps: int) -> tuple[int, int]:
    """(net, tax) of a price that contains its tax: the net is rounded, the tax is the rest."""
    _not_negative(bps)
    net = ratio(gross, WHOLE, WHOLE + bps)
    return net, gross - net


def tax_due_back(net: int, tax: int, refunded: int, returned: int) -> int:
    """Tax to give back now that `refunded` of `net` was refunded in total and `returned` of its `tax` went back before.

    Refunds and credit notes take the cumulative share of the original tax, so the last one returns the rest exactly.
    Raises ValueError unless 0 <= refunded <= net > 0.
    """
    _not_negative(tax, refunded)
    _whole(net, returned)
    if not refunded <= net or net == 0:
        raise ValueError(f"refunded {refunded} of {net}")
    return ratio(tax, refunded, net) - returned


def prorate(old: int, new: int, remaining: int, period: int) -> tuple[int, int]:
    """(credit, debit) of a change of price with `remaining` of `period` seconds left, each rounded once.

    `old` and `new` are the tax-free prices of a whole period. Raises ValueError unless 0 <= remaining <= period > 0.
    """
    _not_negative(remaining, period)
    if period == 0 or remaining > period:
        raise ValueError(f"{remaining} of {period} seconds")
    return ratio(old, remaining, period), ratio(new, remaining, period)


def anchor_dates(start: date, months: int, count: int) -> list[date]:
    """start + k * months for k = 1..count: the start's day is kept and clamped to the end of a shorter month.

    Each date is counted from the start, never from its neighbour, so the 31st comes back after February. Raises
    ValueError for a datetime (its zone decides the date, the caller knows it), months < 1, count < 0, and past 9999.
    """
    _not_negative(count)
    _whole(months)
    if isinstance(start, datetime) or not isinstance(start, date) or months < 1:
        raise ValueError(f"no anchor: {start!r} every {months} months")
    return [_month_later(start, k * months) for k in range(1, count + 1)]


def _month_later(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    if year > date.max.year:
        raise ValueError(f"{months} months after {start} is past the year 9999")
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _hand_out(total: int, numerators: Sequence[int], denominator: int) -> list[int]:
    """Floors of the exact quotients, then one unit each to the largest fractions until the parts sum to `total`."""
    parts = [numerator // denominator for numerator in numerators]
    by_fraction = sorted(range(len(parts)), key=lambda i: numerators[i] % denominator, reverse=True)  # stable
    for i in by_fraction[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _whole(*amounts: int) -> None:
    """Annotations do not stop a float or a bool at run time; both would compute, and wrongly."""
    for amount in amounts:
        if not isinstance(amount, int) or isinstance(amount, bool):
            raise ValueError(f"no whole number: {amount!r}")


def _not_negative(*amounts: int) -> None:
    _whole(*amounts)
    if min(amounts) < 0:
        raise ValueError(f"negative: {min(amounts)}")

"""Plans as the columns of a table: words for what is promised, in the reader's language."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kit.projection import projection
from kit.templatetags.look import listed, money_short
from kit.words import for_reader
from marketplace.disclosure import PlanCard
from promises.disclosure import PromiseRow
from tickets.disclosure.status import SEVERITIES

Cell = tuple[str, str]
"""A value, and the words under it."""
NOT_PROMISED: Cell = ("–", "")


@projection
class Head:
    """The top of a column."""

    slug: str
    version: int
    title: str
    line: str
    price: str
    per: str
    other: str
    promise: str
    is_tinted: bool


@projection
class Row:
    """One thing compared: a cell for each plan."""

    title: str
    note: str
    level: str
    cells: tuple[tuple[str, str], ...]


@projection
class Group:
    """Rows under one heading; `words` say in each column how they are meant."""

    title: str
    words: str
    is_large: bool
    rows: tuple[Row, ...]


def currency_of(request: HttpRequest, plans: Sequence[PlanCard]) -> str:
    """The currency asked for, else the one that fits the reader's language, else whatever there is."""
    offered = offered_in(plans)
    wishes = [request.GET.get("currency", ""), "CNY" if (get_language() or "").startswith("zh") else "USD"]
    return next((wish for wish in wishes if wish in offered), offered[0] if offered else "")


def offered_in(plans: Sequence[PlanCard]) -> list[str]:
    """Every currency in which some plan has a price."""
    return sorted({price.currency for plan in plans for price in plan.prices})


def currencies(plans: Sequence[PlanCard], chosen: str) -> tuple[tuple[str, str, bool], ...]:
    """The switch: words, address, whether it is the one shown."""
    return tuple((code, f"?currency={code}", code == chosen) for code in offered_in(plans))


def tinted(plans: Sequence[PlanCard]) -> str:
    """The number of the one tinted column, the middle one; none when there are only two."""
    return str(len(plans) // 2 + 1) if len(plans) > 2 else ""


def heads(plans: Sequence[PlanCard], currency: str) -> tuple[Head, ...]:
    """Name, sentence and price of each plan that has a price in the currency."""
    return tuple(
        Head(
            slug=plan.slug, version=plan.version, title=plan.title, line=plan.line,
            price=money_short(price.amount, currency) if price else _("on request"),
            per=_per(plan.months) if price else "", other=_other(plan, currency),
            promise=_promise(plan), is_tinted=str(number) == tinted(plans),
        )
        for number, plan in enumerate(plans, 1)
        for price in [plan.price(currency)]
    )  # fmt: skip


def groups(plans: Sequence[PlanCard]) -> tuple[Group, ...]:
    """All rows of the comparison; a promise that no plan makes has no row."""
    clocks: tuple[tuple[Callable[[PromiseRow], int | None], str, str], ...] = (
        (lambda row: row.first_response, _("First answer by a person"), _("at the latest")),
        (lambda row: row.next_response, _("Answer to your next word"), _("from your oldest unanswered one")),
        (lambda row: row.update, _("Progress report"), _("even when there is nothing new")),
        (lambda row: row.resolution, _("Solution or a way around"), _("time waiting for you does not count")),
    )
    promised = [
        Group(
            title=title,
            words=words,
            is_large=not number,
            rows=_said(
                [
                    _row(plans, level, of, *(map(str, SEVERITIES[level]) if not number else (SEVERITIES[level][0], "")))
                    for level in SEVERITIES
                ]
            ),
        )
        for number, (of, title, words) in enumerate(clocks)
    ]
    return (*(group for group in promised if group.rows), _included(plans))


def hours_cell(plan: PlanCard) -> Cell:
    """The calendars of a plan: one, or which for the severe matters and which else."""
    calendars: dict[str, list[str]] = {}
    for row in plan.promises:
        calendars.setdefault(for_reader(row.hours, row.hours_zh), []).append(f"S{row.severity}")
    if len(calendars) < 2:
        return (next(iter(calendars), "–"), "")
    (urgent, levels), (rest, _levels) = list(calendars.items())[:2]
    return (
        _("%(hours)s for %(levels)s") % {"hours": urgent, "levels": listed(levels)},
        _("else %(hours)s") % {"hours": rest},
    )


def _promise(plan: PlanCard) -> str:
    """The promise that is asked for first, in a line."""
    row = plan.promise(1)
    if row is None or row.first_response is None:
        return ""
    value, words = row.in_words(row.first_response)
    return _("S1 answered within %(value)s, %(words)s") % {"value": value, "words": words}


def _included(plans: Sequence[PlanCard]) -> Group:
    rows = [
        Row(title=_("Hours"), note=_("By the contract's calendar, with its holidays"), level="",
            cells=tuple(hours_cell(plan) for plan in plans)),
        Row(title=_("Named contacts"), note=_("People who may open tickets"), level="",
            cells=tuple((str(plan.contacts), "") for plan in plans)),
        Row(title=_("Tickets"), note=_("In the contract's term"), level="",
            cells=tuple((_("Unlimited") if plan.tickets is None else str(plan.tickets), "") for plan in plans)),
    ]  # fmt: skip
    if any(plan.onsite_days for plan in plans):
        cells = tuple((str(plan.onsite_days) if plan.onsite_days else "–", "") for plan in plans)
        rows.append(Row(title=_("Days on site"), note=_("An engineer comes to you"), level="", cells=cells))
    return Group(title=_("What comes with it"), words=_("included"), is_large=False, rows=tuple(rows))


def _row(
    plans: Sequence[PlanCard], severity: int, of: Callable[[PromiseRow], int | None], title: str, note: str
) -> Row:  # fmt: skip
    cells = []
    for plan in plans:
        row = plan.promise(severity)
        seconds = row and of(row)
        cells.append(row.in_words(seconds) if row and seconds else NOT_PROMISED)
    return Row(title=title, note=note, level=f"S{severity}", cells=tuple(cells))


def _said(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows in which at least one plan promises something."""
    return tuple(row for row in rows if any(cell != NOT_PROMISED for cell in row.cells))


def _per(months: int) -> str:
    return _("a year") if months == 12 else ngettext("a month", "for %(count)d months", months) % {"count": months}


def _other(plan: PlanCard, currency: str) -> str:
    """The prices in the other currencies, and that tax is not in them."""
    others = [money_short(price.amount, price.currency) for price in plan.prices if price.currency != currency]
    return _("without tax, or %(others)s") % {"others": listed(others)} if others else _("without tax")

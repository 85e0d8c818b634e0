"""What templates are given to show figures, moments and the words of people."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from django_cotton.compiler_regex import CottonCompiler

from kit.templatetags import look


class Markup(HTMLParser):
    """The tags, attributes and addresses that a browser would find in `page`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value for name, value in attrs if name in ("href", "src")]


NOW = datetime(2026, 11, 23, 5, 18, tzinfo=UTC)
"""A Monday, 13:18 in Shanghai."""


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def in_shanghai(time_machine):
    time_machine.move_to(NOW, tick=False)
    with timezone.override("Asia/Shanghai"):
        yield


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (6800000, "CNY", "¥68,000.00"),
        (5, "EUR", "€0.05"),
        (500, "JPY", "JP¥500"),
        (1234567, "KWD", "KWD\N{NO-BREAK SPACE}1,234.567"),
        (-123456, "USD", "−$1,234.56"),
        (0, "CNY", "¥0.00"),
        ("17808000", "CNY", "¥178,080.00"),
        (10**17 + 1, "CNY", "¥1,000,000,000,000,000.01"),
    ],
)
def test_money_has_its_currency_before_it_and_the_decimals_of_the_currency(amount, currency, shown):
    assert look.money(amount, currency) == shown


def test_a_dollar_says_whose_it_is_in_chinese():
    with translation.override("zh-hans"):
        assert look.money(950000, "USD") == "US$9,500.00"


def test_the_yen_never_looks_like_the_yuan():
    with translation.override("zh-hans"):
        assert look.money(500, "JPY") != look.money(50000, "CNY").replace(".00", "")


def test_whole_money_may_leave_its_decimals_out():
    assert (look.money_short(6800000, "CNY"), look.money_short(6800050, "CNY")) == ("¥68,000", "¥68,000.50")


def test_money_of_nothing_is_nothing():
    assert look.money("", "CNY") == ""


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 min"),
        (59, "0 min"),
        (432, "7 min"),
        (3600, "1 h"),
        (7500, "2 h 05 min"),
        (-7500, "2 h 05 min"),
        (86400, "1 day"),
        (3 * 86400 + 4 * 3600, "3 days 4 h"),
    ],
)
def test_a_span_is_said_in_words(seconds, shown):
    assert look.span(seconds) == shown


def test_a_span_takes_a_timedelta():
    assert look.span(timedelta(hours=1, minutes=38)) == "1 h 38 min"


@pytest.mark.parametrize(("seconds", "shown"), [(432, "7:12"), (5, "0:05"), (899, "14:59"), (900, "15 min")])
def test_seconds_are_shown_under_fifteen_minutes_only(seconds, shown):
    assert look.clock(seconds) == shown


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (NOW + timedelta(hours=1, minutes=38), "14:56"),
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), "23:59"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "Tue 00:00"),
        (datetime(2026, 11, 24, 2, 30, tzinfo=UTC), "Tue 10:30"),
        (datetime(2026, 12, 1, 2, 30, tzinfo=UTC), "1 Dec"),
        (datetime(2025, 9, 12, 2, 30, tzinfo=UTC), "12 Sept 2025"),
        (None, ""),
    ],
)
def test_a_moment_is_as_short_as_it_is_clear(in_shanghai, at, shown):
    assert look.moment(at).replace("Sep ", "Sept ") == shown


@pytest.mark.parametrize(("days", "shown"), [(0, "13:18"), (1, "周二 13:18"), (30, "12月23日"), (60, "2027年1月22日")])
def test_a_moment_is_said_in_chinese(in_shanghai, days, shown):
    with translation.override("zh-hans"):
        assert look.moment(NOW + timedelta(days=days)) == shown


def test_a_moment_keeps_its_zone_in_the_title(in_shanghai):
    page = Template("{% when at %}").render(Context({"at": NOW}))
    assert page == (
        '<time datetime="2026-11-23T05:18+00:00" title="Mon 23 Nov 2026, 13:18 (Asia/Shanghai)">13:18</time>'
    )


@pytest.mark.parametrize(("share", "decimals", "shown"), [(0.978, 1, "97.8 %"), (1, 0, "100 %"), (0.0004, 1, "0.0 %")])
def test_a_share_is_shown_as_percent(share, decimals, shown):
    assert look.percent(share, decimals) == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [("周敏", "周"), ("Lin Hao", "LH"), ("ada", "A"), ("KubeSphere 服务台", "服"), ("", "?"), ("A B C", "AC")],
)
def test_a_circle_bears_one_or_two_letters(name, letters):
    assert look.initial(name) == letters


@pytest.mark.parametrize(("words", "language"), [("主机意外重启", "zh"), ("kk 添加node", "zh"), ("OOM", "en")])
def test_words_of_unknown_language_are_marked(words, language):
    assert look.tongue(words) == language


def test_an_icon_without_a_name_is_decoration():
    assert 'aria-hidden="true"' in look.icon("bell")


def test_an_icon_with_a_name_is_read_out():
    drawn = look.icon("bell", label="Notices")
    assert 'aria-label="Notices"' in drawn and "aria-hidden" not in drawn


def test_the_name_of_an_icon_cannot_break_out():
    assert "<b>" not in look.icon("bell", label='"><b>')


def test_a_spark_line_stands_between_its_margins():
    assert look.spark((0, 5, 10), 104, 24) == "2.0,22.0 52.0,12.0 102.0,2.0"


@pytest.mark.parametrize("points", [(), (3,)])
def test_one_point_is_no_line(points):
    assert look.spark(points) == ""


HOSTILE = "\"><script>alert('x')</script>"


@pytest.mark.parametrize(
    "component",
    [
        '<c-person name="{{ x }}" :words="True" />',
        '<c-person :name="x" />',
        '<c-page-header title="{{ x }}" />',
        '<c-page-header :title="x" :crumbs="crumbs" />',
        '<c-next-up title="{{ x }}" level="S1" text="7:12" href="/x/" />',
        '<c-ticket-head :title="x" level="S2" />',
        '<c-timeline-line kind="note" :who="x" form="desk">{{ x }}</c-timeline-line>',
        '<c-composer-note action="#" :value="x" />',
        '<c-composer-public action="#" value="{{ x }}" to="{{ x }}" :findings="found" />',
        '<c-facts title="{{ x }}" :rows="crumbs" />',
        '<c-countdown text="{{ x }}" moment="{{ x }}" />',
        '<c-whose-turn left="{{ x }}">{{ x }}</c-whose-turn>',
        '<c-amount minor="1" currency="{{ x }}" :lines="lines" />',
        '<c-file name="{{ x }}" href="{{ x }}" />',
        '<c-button name="what" value="{{ x }}">{{ x }}</c-button>',
        '<c-empty title="{{ x }}" />',
        '<c-why clause="{{ x }}" :start="x" />',
    ],
)
def test_no_component_lets_words_of_people_become_markup(component):
    page = compiled(component).render(
        Context({"x": HOSTILE, "crumbs": ((HOSTILE, HOSTILE),), "found": (HOSTILE,), "lines": ((HOSTILE, 1),)})
    )
    assert not {"script", "b"} & Markup(page).tags


def compiled(source: str) -> Template:
    """A template of component tags, as the loader would compile it from a file."""
    return Template(CottonCompiler().process(source))

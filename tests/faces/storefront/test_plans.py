"""The storefront: anyone compares plans, and every figure comes from what is really promised."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from demo import promises, shelf
from marketplace import disclosure
from marketplace.actions import listings
from tests import make
from vendors.models import Vendor

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def world(cast) -> None:
    promises.lay()
    make.plans()


def words(client, address, **headers):
    page = client.get(address, headers=headers)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_anyone_compares_the_three_plans_without_signing_in(client, world):
    page = words(client, "/plans/?currency=CNY")
    assert all(name in page for name in ("Standard", "Premium", "Premium + on-site"))
    assert all(price in page for price in ("¥68,000", "¥168,000", "¥298,000"))


def test_the_currency_can_be_switched(client, world):
    page = words(client, "/plans/?currency=USD")
    assert "$23,500 a year" in page and "or ¥168,000" in page


def test_an_unknown_currency_shows_the_readers_own(client, world):
    assert "$9,500 a year" in words(client, "/plans/?currency=<b>")


def test_first_answers_are_those_of_the_policies(client, world):
    page = words(client, "/plans/")
    row = page[page.index("Production is down") : page.index("Production is degraded")]
    assert re.findall(r"\d+ (?:h|min) (?:working hours|day and night)", row) == [
        "2 h working hours", "1 h day and night", "30 min day and night",
    ]  # fmt: skip


def test_the_comparison_shows_all_that_is_promised_in_the_words_of_the_customers_own_page(client, world, nina, now):
    make.ticket("nina", now)
    page = words(client, "/plans/", **{"accept-language": "en"})
    rows = [row for plan in disclosure.shelf(now) for row in plan.promises]
    assert all(" ".join(said) in page for row in rows for said in row.written.values())
    after = page[page.index("Answer to your next word") :]
    assert all(f"S{level}" in after[: after.index("What comes with it")] for level in (1, 2, 3, 4))
    client.force_login(nina)
    with time_machine.travel(now):
        home = words(client, "/portal/")
    assert "1 day working day" in home and "9 h" not in home


def test_nine_hours_of_a_working_day_are_one_day(world, now):
    answers = {plan.slug: plan.answers for plan in disclosure.shelf(now)}
    assert answers["standard"][2:] == (("S3", "1 day", "working day"), ("S4", "2 days", "working days"))
    assert answers["premium-onsite"][3] == ("S4", "1 day", "any day")


def test_a_plan_that_is_taken_away_is_not_compared(client, world):
    Vendor.objects.update(state=Vendor.State.SUSPENDED)
    assert "Nothing is for sale" in words(client, "/plans/")


def test_choosing_leads_to_the_order_of_that_plan_and_currency(client, world):
    assert (
        'href="/portal/orders/new/?plan=premium&amp;currency=CNY"'
        in client.get("/plans/?currency=CNY").content.decode()
    )


def test_the_example_is_the_friday_before_the_last_holiday(world, now):
    example = disclosure.example(disclosure.shelf(now), now)
    due = {lane.slug: lane.due_at.astimezone(SHANGHAI).strftime("%a %d %H:%M") for lane in example.lanes}
    assert example.sent_at == datetime(2026, 4, 3, 17, 45, tzinfo=SHANGHAI)
    assert due == {"standard": "Tue 07 10:45", "premium": "Fri 03 18:45", "premium-onsite": "Fri 03 18:15"}
    assert example.holiday == "Qingming"


def test_counted_time_of_the_example_adds_up_to_the_promise(world, now):
    for lane in disclosure.example(disclosure.shelf(now), now).lanes:
        counted = [piece.ends_at - piece.starts_at for piece in lane.pieces if piece.kind == "counted"]
        assert sum(length.total_seconds() for length in counted) == lane.seconds


def test_lanes_of_the_example_have_no_gap(world, now):
    example = disclosure.example(disclosure.shelf(now), now)
    for lane in example.lanes:
        ends = [example.starts_at, *(piece.ends_at for piece in lane.pieces)]
        assert [piece.starts_at for piece in lane.pieces] == ends[:-1] and ends[-1] == example.ends_at


def test_a_holiday_ahead_is_nearer_than_one_behind(world):
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert disclosure.example(disclosure.shelf(at), at).sent_at.date().isoformat() == "2026-04-03"


def test_the_example_is_drawn_and_stands_as_a_table_too(client, world):
    page = client.get("/plans/").content.decode()
    assert page.count('class="strip-counted"') == 4
    assert "15 min on Fri 3 Apr + 1 h 45 min on Tue 7 Apr" in page


def test_without_promises_there_is_no_example(client, cast, now):
    make.plans()
    assert disclosure.example(disclosure.shelf(now), now) is None
    assert "strip" not in words(client, "/plans/")


def test_the_home_page_says_what_is_sold(client, world):
    page = words(client, "/")
    assert "S1 answered within 30 min, day and night" in page and "Compare the plans" in page


def test_pages_need_a_bounded_number_of_questions(client, world, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        client.get("/plans/")


def test_a_new_version_is_on_the_page_at_once(client, world, now):
    draft = replace(shelf.PLANS["standard"], contacts=44)
    listings.publish("standard", draft, vendor=Vendor.objects.get(), desk=make.desk(), at=now)
    assert " 44 " in words(client, "/plans/")

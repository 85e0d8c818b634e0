"""The editor of policies: for duty managers alone; reasons stand beside fields; nothing changes before it is shown."""

from datetime import timedelta

import pytest
from django.test import Client

from duty.actions import calendars
from promises import terms
from promises.disclosure import promise_table
from promises.models import Policy, PolicyVersion
from tests import make
from tickets.models import Clock

POLICIES = "/office/policies/"
PREMIUM = POLICIES + "premium/"


@pytest.fixture
def doras(client, dora) -> Client:
    make.crew()
    client.force_login(dora)
    return client


def _sent(client, address=PREMIUM, **more):
    """The form as it stands on the page, with other words here and there; None leaves a field out."""
    page = client.get(address)
    data = {}
    for form in (page.context["form"], *page.context["rows"]):
        for field in form:
            value = field.value()
            if value not in (None, False, ""):
                data[field.html_name] = value
    data |= {key.replace("__", "-"): value for key, value in more.items()}
    return client.post(address, {key: value for key, value in data.items() if value is not None})


def test_nobody_but_duty_managers_enters(request, client, cast):
    make.crew()
    for who in ("otto", "fang", "sun", "omar", "ravi", "nina"):
        client.force_login(request.getfixturevalue(who))
        for address in (POLICIES, PREMIUM, POLICIES + "new/"):
            assert client.get(address).status_code == 404, who
            assert client.post(address, {"do": "publish"}).status_code == 404, who
    assert PolicyVersion.objects.filter(policy__code="premium").count() == 1


def test_the_form_says_what_the_newest_version_says_and_sending_it_back_changes_nothing(doras):
    page = _sent(doras, do="preview")
    assert page.status_code == 200
    assert page.context["preview"].changes == ()
    assert [row["first_response"].value() for row in page.context["rows"]] == ["1 h", "2 h", "4 h", "1 d"]


def test_what_changes_is_shown_before_and_then_published_with_open_tickets_keeping_theirs(doras, nina, dora, now):
    ticket = make.ticket("nina", now, severity=3)
    make.work("nina", now, severity=3)
    shown = _sent(doras, s3__first_response="2 小时", s3__clause="7.1", closes_after_days=9, do="preview")
    page = shown.content.decode()
    assert PolicyVersion.objects.filter(policy__code="premium").count() == 1
    assert [kind for kind, _old, _new in shown.context["preview"].changes] == ["changed", "changed"]
    assert "First answer 4 h" in page and "First answer 2 h" in page and "2 open tickets keep their version" not in page
    assert "1 entitlement promises by it" in page and "Asia/Shanghai" in page
    assert _sent(doras, s3__first_response="2 h", do="publish").status_code == 302
    version = PolicyVersion.objects.get(policy__code="premium", number=2)
    assert (version.published_by, version.terms.get(severity=3).first_response) == (dora, 7200)
    assert Clock.objects.get(ticket=ticket, kind="first_response").target == 4 * 3600
    later = version.valid_from + timedelta(seconds=1)
    assert [row.first_response for row in promise_table("premium", later) if row.severity == 3] == [7200]


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        ({"s1__first_response": "5 h", "s1__resolution": "4 h"}, "s1-first_response", "Later than the solution"),
        ({"s1__first_response": "soon"}, "s1-first_response", "Write it like"),
        ({"s2__calendar": None}, "s2-calendar", "Choose the hours"),
        ({"s3__resolution": "9999 d"}, "s3-resolution", "within 400 days"),
        ({"s1__acknowledge_minutes": 90}, "s1-acknowledge_minutes", "Later than the first answer"),
        ({"begins_at": "2020-01-01T10:00"}, "begins_at", "This has passed"),
        ({"reopens_within_days": 2}, "reopens_within_days", "Shorter than"),
        ({"name": ""}, "name", "required"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(doras, wrong, field, reason):
    page = _sent(doras, s4__clause="typed here", do="publish", **wrong)
    forms = [page.context["form"], *page.context["rows"]]
    found = {bound.html_name: str(bound.errors) for form in forms for bound in form if bound.errors}
    assert (page.status_code, list(found)) == (422, [field])
    assert reason in found[field]
    assert "typed here" in page.content.decode()
    assert PolicyVersion.objects.filter(policy__code="premium").count() == 1


def test_a_calendar_that_has_no_working_time_or_has_not_begun_is_refused(doras, now):
    later = calendars.publish(
        "later", name="Later", timezone="UTC", weekly={0: [["09:00", "10:00"]]}, valid_from=now + timedelta(days=3650)
    )
    assert "no version in force" in _sent(doras, s1__calendar="later", do="publish").content.decode()
    type(later).objects.filter(pk=later.pk).update(valid_from=now - timedelta(days=300), weekly={})
    terms.forget()
    assert "no working time" in _sent(doras, s1__calendar="later", do="publish").content.decode()


def test_a_policy_starts_from_a_plan_of_the_trade_and_serves_from_its_day(doras):
    page = doras.get(POLICIES + "new/?like=redhat-premium")
    assert [row["first_response"].value() for row in page.context["rows"]] == ["1 h", "2 h", "4 h", "8 h"]
    hours = {f"s{n}__calendar": "round-the-clock" for n in (1, 2, 3, 4)}
    words = {"code": "gold", "name": "Gold", "begins_at": "2040-01-02T00:00", **hours}
    sent = _sent(doras, POLICIES + "new/?like=redhat-premium", do="publish", **words)
    assert (sent.status_code, sent["Location"]) == (302, POLICIES + "gold/")
    [version] = PolicyVersion.objects.filter(policy__code="gold")
    assert (version.valid_from.year, version.terms.get(severity=1).update) == (2040, 3600)
    assert "1 to come" in doras.get(POLICIES).content.decode()
    taken = _sent(doras, POLICIES + "new/", do="publish", **words)
    assert "stands already" in taken.content.decode()


def test_two_who_write_at_once_do_not_overwrite_each_other(doras):
    page = _sent(doras, s1__clause="mine", after=0, do="publish")
    assert "published meanwhile" in page.content.decode()
    assert "mine" in page.content.decode()


def test_a_severity_that_is_left_out_is_warned_of(doras):
    empty = {f"s4__{name}": None for name in ("calendar", "first_response", "next_response", "update", "resolution")}
    page = _sent(doras, do="preview", **empty)
    assert page.context["preview"].silent == [4]
    assert "open without any promise" in page.content.decode()


def test_an_earlier_version_can_be_read_and_a_missing_one_is_not_there(doras):
    _sent(doras, s1__clause="newer", do="publish")
    assert "newer" not in doras.get(PREMIUM + "?version=1").content.decode()
    assert doras.get(PREMIUM + "?version=9").status_code == 404
    assert doras.get(POLICIES + "nothing/").status_code == 404
    assert Policy.objects.count() == 4

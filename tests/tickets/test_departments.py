"""Departments: a ticket belongs to one, and who does not work there meets it as if it were not there."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.actions import departments, members
from accounts.models import Department, Membership
from assets.models import Asset
from demo import cast as people
from tests import make
from tickets.actions import letters, tickets
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
ROOM, SHELF = "/portal/tickets/{}/", "/portal/tickets/"


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


@pytest.fixture
def hafen(nina, nordlicht, now):
    return departments.make(nordlicht.reference, by=nina, at=now, name="Hafen")


@pytest.fixture
def lager(nina, nordlicht, now):
    return departments.make(nordlicht.reference, by=nina, at=now, name="Lager")


def place(who, nina, now, *rooms):
    row = Membership.objects.get(user=who)
    members.show_departments(
        row.organization.reference, row.reference, by=nina, at=now, departments=[one.reference for one in rooms]
    )


def file(by: str, now, nordlicht, **more) -> Ticket:
    make.crew()
    return tickets.submit(
        by=people.person(by), at=now, organization=nordlicht.reference, category="workloads",
        subject="Pods stay Pending", body="Since the upgrade.", severity=3, **more,
    )  # fmt: skip


def as_(key: str) -> Client:
    client = Client()
    client.force_login(people.person(key))
    return client


def test_a_ticket_belongs_to_the_department_of_who_files_it(nina, jonas, nordlicht, lager, now):
    place(jonas, nina, now, lager)
    assert file("jonas", now, nordlicht).department == lager
    assert file("nina", now, nordlicht).department is None


def test_a_ticket_of_an_archived_department_alone_is_still_not_for_everybody(nina, jonas, nordlicht, hafen, lager, now):
    place(jonas, nina, now, lager, hafen)
    departments.archive(nordlicht.reference, hafen.reference, by=nina, at=now)
    assert file("jonas", now, nordlicht).department == lager
    departments.archive(nordlicht.reference, lager.reference, by=nina, at=now)
    assert file("jonas", now, nordlicht).department == hafen


def test_a_foreign_department_s_ticket_is_met_as_if_it_were_not_there_byte_for_byte(
    nina, jonas, nordlicht, hafen, lager, now
):
    place(jonas, nina, now, lager)
    ticket = file("nina", now, nordlicht, department=hafen.reference)
    his = as_("jonas")
    for address in (ROOM, ROOM + "live/", ROOM + "severity/", ROOM + "files/F-4K7Q9D/"):
        foreign, missing = his.get(address.format(ticket.reference)), his.get(address.format("T-999999"))
        assert (foreign.status_code, foreign.content, dict(foreign.items())) == (
            404, missing.content, dict(missing.items()),
        )  # fmt: skip
    for move in ("words", "urging", "withdrawal", "closure", "rating"):
        sent = {"body": "Hello", "score": 5}
        foreign = his.post(f"/portal/tickets/{ticket.reference}/{move}/", sent)
        missing = his.post(f"/portal/tickets/T-999999/{move}/", sent)
        assert (foreign.status_code, foreign.content) == (404, missing.content), move
    assert ticket.reference not in his.get(SHELF).content.decode()
    assert ticket.reference in as_("nina").get(SHELF).content.decode()


def test_what_belongs_to_no_department_is_everybodys(nina, jonas, nordlicht, lager, now):
    place(jonas, nina, now, lager)
    ticket = file("nina", now, nordlicht)
    assert as_("jonas").get(ROOM.format(ticket.reference)).status_code == 200


def test_somebody_in_two_departments_sees_both_each_ticket_once(nina, jonas, nordlicht, hafen, lager, now):
    place(jonas, nina, now, hafen, lager)
    for room in (hafen, lager):
        file("nina", now, nordlicht, department=room.reference)
    assert Ticket.objects.visible_to(jonas).count() == 2


def test_with_the_post_the_sight_ends_at_once(nina, jonas, nordlicht, hafen, lager, now):
    place(jonas, nina, now, hafen)
    ticket = file("jonas", now, nordlicht)
    his = as_("jonas")
    assert his.get(ROOM.format(ticket.reference)).status_code == 200
    place(jonas, nina, now, lager)
    assert his.get(ROOM.format(ticket.reference)).status_code == 404


def test_nobody_files_for_a_department_of_others(nina, jonas, ada, nordlicht, meridian, hafen, lager, now):
    place(jonas, nina, now, lager)
    foreign = departments.make(meridian.reference, by=ada, at=now, name="Boston")
    old = departments.make(nordlicht.reference, by=nina, at=now, name="Alt")
    departments.archive(nordlicht.reference, old.reference, by=nina, at=now)
    for who, room in (("jonas", hafen.reference), ("jonas", "*"), ("nina", foreign.reference), ("nina", old.reference)):
        with pytest.raises(Department.DoesNotExist):
            file(who, now, nordlicht, department=room)


def test_a_cluster_of_another_department_can_neither_be_seen_nor_named(nina, jonas, nordlicht, hafen, lager, now):
    make.ticket("nina", now)
    cluster = Asset.objects.filter(organization=nordlicht).first() or Asset.objects.create(
        organization=nordlicht, name="c", product_id=1
    )
    Asset.objects.filter(pk=cluster.pk).update(department=hafen)
    place(jonas, nina, now, lager)
    assert cluster not in Asset.objects.visible_to(jonas) and cluster in Asset.objects.visible_to(nina)
    with pytest.raises(Asset.DoesNotExist):
        file("jonas", now, nordlicht, asset=cluster.reference)


def test_the_mail_of_an_answer_goes_to_nobody_who_sees_the_ticket_no_more(nina, jonas, nordlicht, hafen, lager, now):
    place(jonas, nina, now, hafen)
    ticket = file("jonas", now, nordlicht)
    assert letters.people_of(ticket) == [jonas]
    place(jonas, nina, now, lager)
    assert letters.people_of(ticket) == []


def test_the_form_offers_the_own_department_first(nina, jonas, nordlicht, hafen, lager, now):
    make.crew()
    place(jonas, nina, now, lager)
    page = as_("jonas").get("/portal/tickets/new/").content.decode()
    assert f'<option value="{lager.reference}" selected>Lager</option>' in page and "Hafen" not in page
    hers = as_("nina").get("/portal/tickets/new/").content.decode()
    assert hers.index('value="*" selected') < hers.index("Hafen")

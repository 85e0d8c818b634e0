"""Members and departments: who may change what, and that an organization keeps an owner."""

import pytest
from django.db import DatabaseError, transaction

from accounts import disclosure
from accounts.actions import departments, members
from accounts.actions import people as verbs
from accounts.actions import teams as team_verbs
from accounts.models import Act, Department, Membership
from accounts.models.inside import HouseAct, Seat, Team

pytestmark = pytest.mark.django_db


def of(user) -> Membership:
    return Membership.objects.get(user=user)


def test_an_owner_changes_what_a_member_is(nina, jonas, nordlicht, now):
    members.change_role(nordlicht.reference, of(jonas).reference, by=nina, at=now, role="billing")
    assert of(jonas).role == "billing"
    assert list(Act.objects.values_list("kind", "whom", "was", "became")) == [
        ("role_changed", jonas.email, "member", "billing")
    ]


def test_the_last_owner_stays(nina, jonas, nordlicht, now):
    for role in ("admin", "viewer"):
        with pytest.raises(members.LastOwner):
            members.change_role(nordlicht.reference, of(nina).reference, by=nina, at=now, role=role)
    with pytest.raises(members.LastOwner):
        members.remove(nordlicht.reference, of(nina).reference, by=nina, at=now)


def test_of_two_owners_one_may_go(nina, jonas, nordlicht, now):
    members.change_role(nordlicht.reference, of(jonas).reference, by=nina, at=now, role="owner")
    members.remove(nordlicht.reference, of(nina).reference, by=nina, at=now)
    with pytest.raises(members.LastOwner):
        members.remove(nordlicht.reference, of(jonas).reference, by=jonas, at=now)


def test_an_admin_neither_makes_nor_changes_an_owner(nina, jonas, nordlicht, now):
    members.change_role(nordlicht.reference, of(jonas).reference, by=nina, at=now, role="admin")
    for member, role in ((nina, "member"), (jonas, "owner")):
        with pytest.raises(members.NotYours):
            members.change_role(nordlicht.reference, of(member).reference, by=jonas, at=now, role=role)
    with pytest.raises(members.NotYours):
        members.remove(nordlicht.reference, of(nina).reference, by=jonas, at=now)


def test_a_member_changes_nobody_and_may_leave(nina, jonas, nordlicht, now):
    with pytest.raises(members.NotManager):
        members.change_role(nordlicht.reference, of(nina).reference, by=jonas, at=now, role="viewer")
    members.remove(nordlicht.reference, of(jonas).reference, by=jonas, at=now)
    assert not Membership.objects.filter(user=jonas).exists()


def test_a_stranger_finds_neither_the_organization_nor_its_members(ada, nina, nordlicht, meridian, now):
    for organization in (nordlicht, meridian):
        with pytest.raises((type(nordlicht).DoesNotExist, Membership.DoesNotExist)):
            members.change_role(organization.reference, of(nina).reference, by=ada, at=now, role="viewer")


def test_somebody_removed_sees_nothing_any_more_with_the_next_request(client_of, nina, jonas, nordlicht, now):
    his = client_of("jonas")
    address = f"/portal/members/{nordlicht.reference}/"
    assert his.get(address).status_code == 200
    members.remove(nordlicht.reference, of(jonas).reference, by=nina, at=now)
    assert his.get(address).status_code == 404


def test_departments_are_made_renamed_archived_and_reopened(nina, nordlicht, now):
    room = departments.make(nordlicht.reference, by=nina, at=now, name="Hamburg")
    departments.rename(nordlicht.reference, room.reference, by=nina, at=now, name="Hafen")
    departments.archive(nordlicht.reference, room.reference, by=nina, at=now)
    departments.reopen(nordlicht.reference, room.reference, by=nina, at=now)
    room.refresh_from_db()
    assert (room.name, room.archived_at, Act.objects.count()) == ("Hafen", None, 4)


def test_two_departments_are_never_called_the_same(nina, nordlicht, now):
    for name in ("Hamburg", "Kiel"):
        room = departments.make(nordlicht.reference, by=nina, at=now, name=name)
    with pytest.raises(departments.NameTaken):
        departments.rename(nordlicht.reference, room.reference, by=nina, at=now, name="Hamburg")


def test_a_member_works_in_departments_of_the_own_organization_only(nina, ada, jonas, nordlicht, meridian, now):
    own = departments.make(nordlicht.reference, by=nina, at=now, name="Hamburg")
    foreign = departments.make(meridian.reference, by=ada, at=now, name="Boston")
    place = {"by": nina, "at": now}
    with pytest.raises(Department.DoesNotExist):
        members.show_departments(
            nordlicht.reference, of(jonas).reference, departments=[own.reference, foreign.reference], **place
        )
    members.show_departments(nordlicht.reference, of(jonas).reference, departments=[own.reference], **place)
    assert not of(jonas).sees_all and of(jonas).posts.get().department == own
    members.show_departments(nordlicht.reference, of(jonas).reference, departments=None, **place)
    assert of(jonas).sees_all and not of(jonas).posts.exists()


def test_owners_and_admins_see_every_department(nina, jonas, nordlicht, now):
    with pytest.raises(members.SeesAll):
        members.show_departments(nordlicht.reference, of(nina).reference, by=nina, at=now, departments=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        Membership.objects.filter(user=nina).update(sees_all=False)


def test_acts_are_never_edited(nina, nordlicht, now):
    departments.make(nordlicht.reference, by=nina, at=now, name="Hamburg")
    for change in (lambda: Act.objects.update(whom="nobody"), lambda: Act.objects.all().delete()):
        with pytest.raises(DatabaseError, match="appended"), transaction.atomic():
            change()


def test_a_member_who_manages_nothing_sees_names_and_no_invitations(nina, jonas, nordlicht, now):
    seen = disclosure.people(nordlicht.reference, jonas, at=now)
    assert {"Jonas Weber", "Nina Brandt"} <= {one.name for one in seen.members} and not seen.manages
    assert (seen.waiting, seen.acts) == ((), ())


def test_the_last_of_operations_stays(otto, dora, now):
    operations = Team.objects.get(kind=Team.Kind.OPERATIONS)
    with pytest.raises(verbs.LastOperator):
        verbs.close(otto.pk, by=otto, at=now)
    with pytest.raises(verbs.LastOperator):
        team_verbs.change(otto.pk, [], by=otto, at=now)
    team_verbs.change(dora.pk, [operations.pk], by=otto, at=now)
    verbs.close(otto.pk, by=dora, at=now)
    assert not type(otto).objects.get(pk=otto.pk).is_active


def test_seats_change_as_operations_say(otto, omar, now):
    sales = Team.objects.get(kind=Team.Kind.SALES)
    team_verbs.change(omar.pk, [sales.pk], by=otto, at=now)
    assert [seat.team for seat in Seat.objects.filter(user=omar)] == [sales]
    assert set(HouseAct.objects.values_list("kind", "was", "became")) == {
        ("unseated", "Desk, tier 1", ""), ("seated", "", "Sales"),
    }  # fmt: skip


def test_nobody_else_looks_after_the_people_of_the_house(dora, omar, now):
    for verb in (verbs.close, verbs.reopen, verbs.reset_factor):
        with pytest.raises(verbs.NotOperations):
            verb(omar.pk, by=dora, at=now)


def test_a_customer_is_no_person_of_the_house(otto, nina, now):
    with pytest.raises(type(nina).DoesNotExist):
        verbs.close(nina.pk, by=otto, at=now)

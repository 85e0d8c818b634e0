"""Two at once: the last owner, and the one use of an invitation."""

import re
from datetime import timedelta

import pytest

from accounts import entry
from accounts.actions import invitations, members
from accounts.models import Invitation, Membership
from demo import cast as people
from notifications.models import AddressedNotice
from tests.desk.test_races import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def nordlicht():
    people.gather()
    return people.company("nordlicht")


def test_two_owners_who_remove_each_other_leave_one(nordlicht, now):
    Membership.objects.filter(user=people.person("jonas")).update(role="owner")
    pairs = [(people.person("nina"), people.person("jonas")), (people.person("jonas"), people.person("nina"))]
    references = {row.user_id: row.reference for row in Membership.objects.filter(organization=nordlicht)}
    raised = together(
        *(
            lambda by=by, whom=whom: members.remove(nordlicht.reference, references[whom.pk], by=by, at=now)
            for by, whom in pairs
        )
    )
    assert len(raised) == 1
    assert Membership.objects.filter(organization=nordlicht, role="owner").count() == 1


def test_two_owners_who_step_down_at_once_leave_one(nordlicht, now):
    Membership.objects.filter(user=people.person("jonas")).update(role="owner")
    rows = list(Membership.objects.filter(organization=nordlicht, role="owner").select_related("user"))
    raised = together(
        *(
            lambda row=row: members.change_role(nordlicht.reference, row.reference, by=row.user, at=now, role="member")
            for row in rows
        )
    )
    assert [type(one) for one in raised] == [members.LastOwner]
    assert Membership.objects.filter(organization=nordlicht, role="owner").count() == 1


def test_a_link_pressed_twice_at_once_makes_one_account(nordlicht, now):
    invitations.invite(
        nordlicht.reference, by=people.person("nina"), at=now, address="lena@vogt.example", role="member"
    )
    token = re.search(r"invitations/([\w-]+)/", AddressedNotice.objects.get().payload["url"]).group(1)
    said = {"name": "Lena", "password": "a short sentence holds", "language": "en", "timezone": "UTC"}
    raised = together(*(lambda: invitations.join(token, at=now, **said) for _ in range(2)))
    assert [type(one) for one in raised] == [entry.Unusable]
    assert Membership.objects.filter(user__email="lena@vogt.example").count() == 1


def test_a_link_pressed_while_it_is_sent_again_ends_without_waiting_for_each_other(nordlicht, now):
    nina, later = people.person("nina"), now + timedelta(minutes=11)
    said = {"name": "Lena", "password": "a short sentence holds", "language": "en", "timezone": "UTC"}
    for number in range(12):
        row = invitations.invite(
            nordlicht.reference, by=nina, at=now, address=f"lena{number}@vogt.example", role="member"
        )
        url = AddressedNotice.objects.latest("pk").payload["url"]
        token = re.search(r"invitations/([\w-]+)/", url).group(1)
        raised = together(
            lambda token=token: invitations.join(token, at=later, **said),
            lambda row=row: invitations.send_again(nordlicht.reference, row.reference, by=nina, at=later),
        )
        assert [type(one) for one in raised] in ([entry.Unusable], [Invitation.DoesNotExist])

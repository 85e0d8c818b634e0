"""Invitations: once, for 72 hours, for one address; everything else meets the same page."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import entry
from accounts.actions import departments, invitations, members
from accounts.models import Act, Invitation, Membership, User
from accounts.models.inside import HouseAct, Seat, Team, TeamInvitation
from kit.verbs import Refused
from notifications.models import AddressedNotice
from vendors.actions import engineers, vendors

pytestmark = pytest.mark.django_db
PASSWORD = "a short sentence holds"
LATER = timedelta(minutes=11)


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


@pytest.fixture(autouse=True)
def _at_that_time(now):
    with time_machine.travel(now, tick=False):
        yield


def invite(by, organization, now, address="lena@vogt.example", role="member", **more) -> Invitation:
    return invitations.invite(organization.reference, by=by, at=now, address=address, role=role, **more)


def link(address="lena@vogt.example") -> str:
    """The path in the newest mail to an address that has not left yet."""
    url = AddressedNotice.objects.filter(address=address, kind="accounts.invited").latest("pk").payload["url"]
    return re.sub(r"^https?://[^/]+", "", url)


def join(path: str, client=None):
    said = {"name": "Lena Vogt", "password": PASSWORD, "timezone": "Europe/Berlin"}
    return (client or Client()).post(path, said)


def test_somebody_new_comes_in_with_the_role_and_a_verified_address(client, nina, nordlicht, now):
    invite(nina, nordlicht, now, role="billing")
    answer = join(link(), client)
    lena = User.objects.get(email="lena@vogt.example")
    assert answer.headers["Location"] == "/accounts/home/" and client.get("/portal/").status_code == 200
    assert Membership.objects.get(user=lena).role == "billing"
    assert EmailAddress.objects.get(user=lena).verified and not lena.is_inside


def test_in_a_zone_with_outside_faces_only_an_unknown_link_asks_nothing_of_inside_tables(client, settings, cast):
    settings.IS_INSIDE = False
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/accounts/invitations/nothing/").status_code == 410
    assert TeamInvitation._meta.db_table not in str(asked.captured_queries)


def test_somebody_with_an_account_signs_in_and_comes_back_to_it(client, nina, nordlicht, charlie, now):
    invite(nina, nordlicht, now, address="CHARLIE@nobody.example")
    path = link("charlie@nobody.example")
    assert f"/accounts/login/?next={path}" in client.get(path).content.decode()
    client.force_login(charlie)
    client.post(path)
    assert Membership.objects.get(user=charlie).organization == nordlicht


def test_the_link_stands_in_the_mail_alone_and_only_its_hash_in_the_row(nina, nordlicht, now):
    row = invite(nina, nordlicht, now)
    token = link().rstrip("/").rsplit("/", 1)[-1]
    assert len(token) >= 43 and token not in repr(row.__dict__)


def test_looking_at_the_link_uses_nothing_up(client, nina, nordlicht, now):
    invite(nina, nordlicht, now)
    pages = [client.get(link()).status_code for _ in range(3)]
    assert pages == [200] * 3 and join(link()).status_code == 302


def test_a_link_that_was_used_has_expired_was_taken_back_cut_or_is_anothers_meets_one_page(
    nina, jonas, nordlicht, now, client_of
):
    before = Membership.objects.filter(organization=nordlicht).count()
    used, old, back, foreign = (f"{name}@vogt.example" for name in ("used", "old", "back", "foreign"))
    old_row = invite(nina, nordlicht, now - timedelta(hours=72), address=old)
    rows = {address: invite(nina, nordlicht, now, address=address) for address in (used, back, foreign)}
    join(link(used))
    invitations.revoke(nordlicht.reference, rows[back].reference, by=nina, at=now)
    strangers = client_of("ada")
    answers = [Client().get(link(address)) for address in (used, old, back)]
    answers += [
        Client().get("/accounts/invitations/never-made/"),
        Client().post(link(used)),
        strangers.get(link(foreign)),
    ]
    answers += [strangers.post(link(foreign))]
    pages = {re.sub(r'csrfmiddlewaretoken" value="\w+"|next" value="\S+"', "", one.content.decode()) for one in answers}
    assert {one.status_code for one in answers} == {410}
    assert len(pages) == 1
    assert old_row.expires_at == now and Membership.objects.filter(organization=nordlicht).count() == before + 1


def test_it_works_to_the_last_second_of_the_72_hours(nina, nordlicht, now):
    invite(nina, nordlicht, now)
    with time_machine.travel(now + timedelta(hours=72, seconds=-1), tick=False):
        assert join(link()).status_code == 302


def test_sending_again_makes_a_new_link_and_the_old_one_void(nina, nordlicht, now):
    row = invite(nina, nordlicht, now)
    first = link()
    with time_machine.travel(now + LATER, tick=False):
        invitations.send_again(nordlicht.reference, row.reference, by=nina, at=now + LATER)
        assert Client().get(first).status_code == 410
        assert join(link()).status_code == 302


def test_it_is_not_sent_again_within_ten_minutes(nina, nordlicht, now):
    row = invite(nina, nordlicht, now)
    with pytest.raises(invitations.TooSoon):
        invitations.send_again(nordlicht.reference, row.reference, by=nina, at=now + timedelta(minutes=9))


def test_inviting_an_address_again_renews_the_one_that_waits(nina, nordlicht, now):
    invite(nina, nordlicht, now)
    again = invite(nina, nordlicht, now + LATER, role="viewer")
    assert list(Invitation.objects.values_list("pk", "role")) == [(again.pk, "viewer")]


def test_no_more_than_so_many_wait(nina, nordlicht, now, monkeypatch):
    monkeypatch.setattr(invitations, "WAITING_AT_MOST", 2)
    for n in range(2):
        invite(nina, nordlicht, now, address=f"x{n}@vogt.example")
    with pytest.raises(invitations.TooMany):
        invite(nina, nordlicht, now, address="x3@vogt.example")


def test_somebody_who_belongs_there_is_not_invited(nina, jonas, nordlicht, now):
    with pytest.raises(invitations.Already):
        invite(nina, nordlicht, now, address=jonas.email)


@pytest.mark.parametrize("role", ["member", "viewer", "billing"])
def test_only_owners_and_admins_invite(nina, jonas, nordlicht, now, role):
    Membership.objects.filter(user=jonas).update(role=role)
    with pytest.raises(members.NotManager):
        invite(jonas, nordlicht, now)


def test_an_admin_makes_no_owner(jonas, nordlicht, now):
    Membership.objects.filter(user=jonas).update(role="admin")
    with pytest.raises(members.NotYours):
        invite(jonas, nordlicht, now, role="owner")


def test_nobody_invites_into_the_organization_of_another(ada, nordlicht, now):
    with pytest.raises(type(nordlicht).DoesNotExist):
        invite(ada, nordlicht, now)


def test_an_organization_that_sells_nothing_makes_no_engineer(nina, nordlicht, now):
    with pytest.raises(ValueError, match="engineer"):
        invite(nina, nordlicht, now, role="engineer")
    with pytest.raises(engineers.NoVendor):
        engineers.invite(nordlicht.reference, by=nina, at=now, address="lena@vogt.example")


def test_the_engineer_of_a_vendor_is_led_to_a_second_factor(client, nina, nordlicht, now):
    vendors.admit(nordlicht, 1500)
    engineers.invite(nordlicht.reference, by=nina, at=now, address="lena@vogt.example")
    join(link(), client)
    assert client.get("/portal/").headers["Location"].startswith("/accounts/2fa/")


def test_an_invitation_to_a_department_shows_that_department_alone(nina, nordlicht, now):
    room = departments.make(nordlicht.reference, by=nina, at=now, name="Hamburg")
    invite(nina, nordlicht, now, department=room.reference)
    join(link())
    member = Membership.objects.get(user__email="lena@vogt.example")
    assert not member.sees_all and [post.department for post in member.posts.all()] == [room]


def test_operations_invite_into_a_team_and_the_person_is_of_the_house_for_good(client, otto, now):
    team = Team.objects.get(kind=Team.Kind.FINANCE)
    invitations.invite_inside(team.pk, by=otto, at=now, address="lena@harbour.example")
    assert "Finance" not in str(AddressedNotice.objects.get(address="lena@harbour.example").payload)
    join(link("lena@harbour.example"), client)
    lena = User.objects.get(email="lena@harbour.example")
    assert lena.is_inside and Seat.objects.get(user=lena).team == team
    assert client.get("/office/").headers["Location"].startswith("/accounts/2fa/")
    assert list(HouseAct.objects.values_list("kind", flat=True)) == ["invited", "joined"]


@pytest.mark.parametrize("who", ["dora", "omar", "nina"])
def test_nobody_but_operations_invites_into_a_team(request, cast, who, now):
    with pytest.raises(Refused):
        invitations.invite_inside(
            Team.objects.first().pk, by=request.getfixturevalue(who), at=now, address="lena@harbour.example"
        )
    assert not TeamInvitation.objects.exists()


def test_nobody_changes_sides_by_an_invitation(omar, nina, otto, nordlicht, now, client_of):
    invite(nina, nordlicht, now, address=omar.email)
    team = Team.objects.get(kind=Team.Kind.SALES)
    invitations.invite_inside(team.pk, by=otto, at=now, address=nina.email)
    assert client_of("omar").post(link(omar.email)).status_code == 410
    assert client_of("nina").post(link(nina.email)).status_code == 410


def test_a_weak_password_or_no_name_keeps_the_invitation(nina, nordlicht, now):
    invite(nina, nordlicht, now)
    for said in ({"name": "Lena", "password": "short"}, {"name": "", "password": PASSWORD}):
        assert Client().post(link(), said).status_code == 422
    assert join(link()).status_code == 302


def test_what_was_done_is_written_down(nina, nordlicht, now):
    row = invite(nina, nordlicht, now)
    invitations.send_again(nordlicht.reference, row.reference, by=nina, at=now + LATER)
    invitations.revoke(nordlicht.reference, row.reference, by=nina, at=now + LATER)
    assert list(Act.objects.values_list("kind", "whom")) == [
        (kind, "lena@vogt.example") for kind in ("invited", "sent_again", "revoked")
    ]


def test_every_changed_letter_of_a_link_opens_nothing(nina, nordlicht, now):
    invite(nina, nordlicht, now)
    token = link().rstrip("/").rsplit("/", 1)[-1]
    for place, letter in enumerate(token):
        changed = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        with pytest.raises(entry.Unusable):
            entry.find(changed, now)

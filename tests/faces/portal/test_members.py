"""The portal's pages of members and departments."""

import pytest
from django.core.cache import cache

from accounts.models import Department, Invitation, Membership
from vendors.actions import vendors


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


@pytest.fixture
def page(client, nina, nordlicht) -> str:
    client.force_login(nina)
    return f"/portal/members/{nordlicht.reference}/"


def member(of) -> Membership:
    return Membership.objects.get(user=of)


def test_the_first_page_is_that_of_the_own_organization(client, page):
    assert client.get("/portal/members/").headers["Location"] == page


def test_whoever_belongs_to_nothing_is_led_to_found_something(client, charlie):
    client.force_login(charlie)
    assert client.get("/portal/members/").headers["Location"] == "/portal/organizations/new/"


def test_an_owner_invites_and_takes_back(client, page):
    client.post(page, {"address": "lena@vogt.example", "role": "billing", "language": "en"})
    row = Invitation.objects.get()
    assert "lena@vogt.example" in client.get(page).content.decode()
    client.post(f"{page}invitations/{row.reference}/", {"do": "revoke"})
    assert "Send it again to lena@vogt.example" not in client.get(page).content.decode()


def test_what_is_wrong_with_an_invitation_is_said_and_what_was_typed_stays(client, page, jonas):
    answer = client.post(page, {"address": jonas.email, "role": "viewer", "language": "zh-hans"})
    html = answer.content.decode()
    assert answer.status_code == 422 and "belongs here already" in html and f'value="{jonas.email}"' in html


def test_a_member_is_offered_no_form_and_may_leave(client, jonas, nordlicht, page):
    client.force_login(jonas)
    html = client.get(page).content.decode()
    assert "Send the invitation" not in html and "Leave" in html
    assert client.post(page, {"address": "x@y.example", "role": "member", "language": "en"}).status_code == 422
    answer = client.post(f"{page}people/{member(jonas).reference}/removal/")
    assert answer.headers["Location"] == "/portal/" and not Membership.objects.filter(user=jonas).exists()


def test_role_and_departments_are_changed_on_one_page(client, page, nina, jonas):
    client.post(f"{page}departments/", {"name": "Hafen"})
    room = Department.objects.get()
    client.post(f"{page}people/{member(jonas).reference}/", {"role": "viewer", "departments": [room.reference]})
    row = member(jonas)
    assert (row.role, row.sees_all, row.posts.get().department) == ("viewer", False, room)


def test_the_last_owner_reads_why_not(client, page, nina):
    answer = client.post(f"{page}people/{member(nina).reference}/", {"role": "viewer"})
    assert answer.status_code == 422 and "Somebody has to stay the owner" in answer.content.decode()


def test_engineers_are_offered_only_to_who_sells(client, page, nordlicht):
    assert 'value="engineer"' not in client.get(page).content.decode()
    vendors.admit(nordlicht, 1500)
    client.post(page, {"address": "lena@vogt.example", "role": "engineer", "language": "en"})
    assert Invitation.objects.get().role == "engineer"


def test_a_foreign_organization_is_as_if_it_were_not_there(client, page, ada, meridian):
    foreign, missing = f"/portal/members/{meridian.reference}/", "/portal/members/O-999999/"
    for rest in ("", f"people/{member(ada).reference}/"):
        answers = [client.get(one + rest) for one in (foreign, missing)]
        assert [one.status_code for one in answers] == [404, 404] and answers[0].content == answers[1].content
    for rest in ("departments/", f"people/{member(ada).reference}/removal/", "departments/G-999999/"):
        answers = [client.post(one + rest, {"name": "X"}) for one in (foreign, missing)]
        assert [one.status_code for one in answers] == [404, 404] and answers[0].content == answers[1].content
    assert Membership.objects.filter(user=ada).exists()


def test_departments_are_made_renamed_archived_and_reopened(client, page, nina):
    client.post(f"{page}departments/", {"name": "Hafen"})
    room = f"{page}departments/{Department.objects.get().reference}/"
    for sent, words in (
        ({"name": "Lager"}, "Lager"), ({"do": "archive"}, "archived"), ({"do": "reopen"}, "It takes new tickets again"),
    ):  # fmt: skip
        assert words in client.post(room, sent, follow=True).content.decode()
    assert client.post(room, {"name": "  "}).status_code == 422

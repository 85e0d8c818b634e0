"""The workshop's inbox: what the desk asks of the reader's groups, by due time."""

from datetime import timedelta

import pytest

from rnd import board
from rnd.actions import investigations
from rnd.board import View, When
from tests.rnd import asking

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _at_nine(time_machine, now):
    time_machine.move_to(now, tick=False)


def page(client, who, address: str = "/workshop/", **more) -> str:
    client.force_login(who)
    response = client.get(address, **more)
    assert response.status_code == 200
    return response.content.decode()


def test_a_help_request_stands_in_the_inbox_of_its_group(client, ravi, now):
    asking.investigation(now)
    assert asking.WORDS["title"] in page(client, ravi)


def test_another_group_does_not_see_it(client, mei, now):
    asking.investigation(now)
    assert asking.WORDS["title"] not in page(client, mei)


def test_an_empty_inbox_says_what_will_stand_there(client, ravi):
    assert "appears by due time" in page(client, ravi)


def test_what_is_due_first_stands_first(ravi, now):
    asking.investigation(now, title="Later")
    asking.investigation(now - timedelta(hours=1), title="Sooner")
    lines = [line.title for _when, group in board.inbox(ravi, at=now).groups for line in group]
    assert lines == ["Sooner", "Later"]


def test_lines_are_grouped_by_what_their_time_means(ravi, now):
    opened = asking.investigation(now)
    due = opened.request.due_at
    for at, when in (
        (due + timedelta(minutes=1), When.OVER),
        (due - timedelta(minutes=59), When.HOUR),
        (due - timedelta(days=3), When.LATER),
    ):
        assert [group for group, _lines in board.inbox(ravi, at=at).groups] == [when]


def test_views_hold_what_they_say(ravi, now):
    taken, answered = asking.investigation(now, title="taken"), asking.investigation(now, title="answered")
    asking.investigation(now, title="free")
    investigations.take(taken.reference, by=ravi, at=now)
    investigations.publish(answered.reference, by=ravi, at=now, body="Done.")
    seen = {
        view: {line.title for _when, lines in board.inbox(ravi, at=now, view=view).groups for line in lines}
        for view in View
    }
    assert seen == {
        View.GROUP: {"taken", "free"}, View.FREE: {"free"}, View.MINE: {"taken"}, View.ENDED: {"answered"}
    }  # fmt: skip
    assert board.inbox(ravi, at=now).counts == {"group": 2, "free": 1, "mine": 1, "answered": 1}


def test_words_find_titles_and_references(ravi, now):
    opened = asking.investigation(now, title="Etcd is slow")
    asking.investigation(now)
    for words in ("etcd", opened.reference.lower()):
        found = [line for _when, lines in board.inbox(ravi, at=now, words=words).groups for line in lines]
        assert [line.reference for line in found] == [opened.reference]


def test_the_inbox_asks_three_statements(ravi, now, django_assert_num_queries):
    for number in range(4):
        asking.investigation(now, title=str(number))
    with django_assert_num_queries(3):
        board.inbox(ravi, at=now)


def test_a_live_inbox_gets_nothing_while_nothing_is_new(client, ravi, now):
    asking.investigation(now)
    version = board.inbox(ravi, at=now).version
    client.force_login(ravi)
    assert client.get(f"/workshop/?v={version}", headers=HTMX).status_code == 204
    asking.investigation(now, title="new")
    assert client.get(f"/workshop/?v={version}", headers=HTMX).status_code == 200


@pytest.mark.parametrize("key", ["nina", "omar", "dora", "otto"])
def test_nobody_else_finds_a_workshop(request, client, now, key):
    client.force_login(request.getfixturevalue(key))
    assert client.get("/workshop/").status_code == 404


def test_an_unknown_view_falls_back_to_everything(client, ravi, now):
    asking.investigation(now)
    assert asking.WORDS["title"] in page(client, ravi, "/workshop/?view=nonsense&topic=%00&q=%00")


def test_notices_stand_on_their_page_and_can_be_read(client, ravi, now):
    opened = asking.investigation(now)
    assert f"/workshop/investigations/{opened.reference}/" in page(client, ravi, "/workshop/notices/")
    assert client.post("/workshop/notices/reading/").status_code == 302
    assert "Mark all as read" not in page(client, ravi, "/workshop/notices/")


def test_the_rail_says_that_something_is_unread_until_it_was_read(client, ravi, now):
    asking.investigation(now)
    client.force_login(ravi)
    client.cookies["django_language"] = "en"
    assert "something unread" in client.get("/workshop/").content.decode()
    client.post("/workshop/notices/reading/")
    assert "something unread" not in client.get("/workshop/").content.decode()

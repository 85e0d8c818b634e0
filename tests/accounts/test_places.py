"""Nobody stands on both sides, even when the verbs are passed by."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models.inside import Team
from tests.books import offences


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_inside_person_cannot_be_put_into_an_organization(fang, nordlicht):
    with pytest.raises(DatabaseError, match="only outside people"):
        run(
            "INSERT INTO accounts_membership (organization_id, user_id, role) VALUES (%s, %s, 'owner')",
            nordlicht.pk, fang.pk,
        )  # fmt: skip


def test_a_membership_cannot_be_handed_to_an_inside_person(nina, fang):
    with pytest.raises(DatabaseError, match="only outside people"):
        run("UPDATE accounts_membership SET user_id = %s WHERE user_id = %s", fang.pk, nina.pk)


def test_an_outside_person_cannot_be_given_a_seat(nina):
    team = Team.objects.get(kind=Team.Kind.FINANCE)
    with pytest.raises(DatabaseError, match="only inside people"):
        run("INSERT INTO accounts_seat (team_id, user_id) VALUES (%s, %s)", team.pk, nina.pk)


def test_a_seat_cannot_be_handed_to_an_outside_person(nina, fang):
    with pytest.raises(DatabaseError, match="only inside people"):
        run("UPDATE accounts_seat SET user_id = %s WHERE user_id = %s", nina.pk, fang.pk)


@pytest.mark.parametrize(("key", "place"), [("nina", "inside"), ("fang", "outside")])
def test_nobody_changes_place(request, key, place):
    person = request.getfixturevalue(key)
    with pytest.raises(DatabaseError, match="never changes"):
        run("UPDATE accounts_user SET place = %s WHERE id = %s", place, person.pk)


def test_everything_else_about_a_person_may_change(nina):
    run("UPDATE accounts_user SET name = 'Nina B.', place = 'outside' WHERE id = %s", nina.pk)
    nina.refresh_from_db()
    assert nina.name == "Nina B."


def test_the_whole_cast_stands_on_one_side_each(cast):
    assert offences() == {}

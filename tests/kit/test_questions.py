"""Questions that are compiled once answer as the querysets of which they are made."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat

from accounts.models import Membership, Organization, User
from demo import cast as people
from kit.questions import Among, Deed, Question, Slot, when, word


@pytest.fixture(autouse=True)
def _everybody(cast):
    """The cast."""


def test_each_asking_gets_its_own_values():
    asked = Question(lambda: User.objects.filter(email=word("email"), joined_at__lt=when("until")))
    future, past = datetime(2100, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC)
    nina, omar = people.person("nina"), people.person("omar")
    assert [asked.ask(email=one.email, until=future) for one in (nina, omar, nina)] == [[nina], [omar], [nina]]
    assert asked.first(email=nina.email, until=past) is None


def test_it_is_built_once_and_asked_anew():
    built = []
    asked = Question(lambda: built.append(1) or User.objects.filter(pk=Slot("pk")))
    nina = people.person("nina")
    for name in ("Nina", "Nina Berg"):
        User.objects.filter(pk=nina.pk).update(name=name)
        assert asked.first(pk=nina.pk).name == name
    assert built == [1]


def test_one_of_many():
    asked = Question(lambda: User.objects.filter(Among("pk", "pks")).order_by("pk"))
    wanted = sorted(people.person(key).pk for key in ("nina", "omar"))
    assert [one.pk for one in asked.ask(pks=wanted)] == wanted
    assert asked.ask(pks=[]) == []


def test_related_rows_annotations_and_columns_come_along(django_assert_num_queries):
    first = Membership.objects.filter(organization=OuterRef("pk"), user_id=Slot("user")).values("role")[:1]
    mine = Organization.objects.annotate(role=Subquery(first)).filter(role__isnull=False)
    rows = Question(lambda: Membership.objects.filter(user_id=Slot("user")).select_related("organization"))
    columns = Question(lambda: mine.values_list("name", "role"))
    nina = people.person("nina")
    with django_assert_num_queries(2):
        [membership] = rows.ask(user=nina.pk)
        assert columns.ask(user=nina.pk) == [(membership.organization.name, membership.role)]


def test_a_forgotten_value_is_an_error():
    with pytest.raises(KeyError):
        Question(lambda: User.objects.filter(pk=Slot("pk"))).ask()


def test_a_deed_changes_its_rows_each_time_it_is_done():
    greet = Deed(lambda: (User.objects.filter(pk=Slot("pk"), is_active=True), {"name": Concat("name", Value(" 100%"))}))
    nina, omar = people.person("nina"), people.person("omar")
    name = nina.name
    assert [greet.do(pk=nina.pk), greet.do(pk=nina.pk), greet.do(pk=0)] == [1, 1, 0]
    assert User.objects.get(pk=nina.pk).name == f"{name} 100% 100%"
    assert User.objects.get(pk=omar.pk).name == omar.name


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps its plans by itself")
def test_what_is_asked_again_and_again_is_planned_once():
    asked = Question(lambda: User.objects.filter(email=word("email"), place=User.Place.OUTSIDE, pk__gte=Slot("pk")))
    nina = people.person("nina")
    for pk in (1, nina.pk, 100_000, 10_000_000_000, 1):
        asked.ask(email=nina.email, pk=pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%accounts_user%%email%%'")
        assert cursor.fetchone() == (1,)

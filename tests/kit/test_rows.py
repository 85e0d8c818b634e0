"""Many rows, each its own values, in one statement: the same on both databases, nothing cut or mixed up."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, IntegrityError

from assets.models import Product
from desk.models import Work
from kit.rows import Insert, update_each, write
from tests import make


@pytest.fixture
def works(cast, now):
    make.crew()
    return [make.work("nina", now) for _ in range(3)]


def test_each_row_gets_its_own_values(works, now, django_assert_num_queries):
    for number, work in enumerate(works):
        work.version, work.due_at, work.refused_by, work.language = 40 + number, None, [number, "a'b%"], "zh-hans"
    works[0].due_at = datetime(2027, 1, 1, tzinfo=UTC)
    with django_assert_num_queries(1):
        assert update_each(works, ["version", "due_at", "refused_by", "language"]) == 3
    for work in works:
        stored = Work.objects.get(pk=work.pk)
        for name in ("version", "due_at", "refused_by", "language", "severity"):
            assert getattr(stored, name) == getattr(work, name)


def test_other_columns_and_other_rows_stay(works):
    works[0].version, works[0].severity = 99, 1
    update_each(works[:1], ["version"])
    assert set(Work.objects.values_list("version", "severity")) >= {(99, 3), (works[1].version, 3)}


@pytest.mark.postgres
def test_nothing_is_cut_to_fit(works):
    works[0].language = "longer than eight"
    with pytest.raises(DataError):
        update_each(works, ["language"])


def test_a_row_that_is_gone_is_not_counted_and_none_is_none(works):
    works[0].pk = 10**9
    assert (update_each(works, ["version"]), update_each([], ["version"])) == (2, 0)


def test_what_may_not_stand_already_is_refused_beside_what_may(works):
    twin = Product(slug="twin", name="Twin")
    Product(slug="twin", name="Twin").save()
    with pytest.raises(IntegrityError):
        write(Insert([twin]), Insert([Product(slug="other", name="Other")], is_repeatable=True))

"""Founding a house from its papers, and the first operator."""

from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from accounts.access import people_of
from accounts.models import Organization, User
from config import doors, founding
from duty import roster
from duty.models import Desk
from duty.models.inside import Engineer
from marketplace.models import ListingVersion
from tests.infra.databases import ROOT

PAPERS = ROOT / "deploy" / "house.toml"


def rows() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_the_sample_papers_make_a_house_that_can_sell_and_answer(db, now):
    founding.lay(PAPERS, at=now)
    assert Organization.objects.get().is_house
    assert ListingVersion.objects.published().get().prices.count() == 2
    assert [one.email for one in people_of("operations")] == ["operator@example.com"]
    on = [one.engineer_pk for one in roster.on_duty(Desk.objects.get().pk, now).people]
    assert set(Engineer.objects.filter(pk__in=on).values_list("user__email", flat=True)) == {
        "first@example.com",
        "second@example.com",
    }


def test_laying_the_papers_again_changes_nothing(db, now):
    founding.lay(PAPERS, at=now)
    before = rows()
    founding.lay(PAPERS, at=now)
    assert rows() == before


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('policy = "standard"\n', "", "plans, no. 1: missing 1 required positional argument: 'policy'"),
        ('kind = "rnd"', 'kind = "research"', "teams, no. 1: 'research' is not a valid Team.Kind"),
        ('first_response = "1 h"', 'first_response = "soon"', "policies, no. 1: 'soon' is no span such as '30 min'"),
        ("[[banks]]", "[[bankers]]", "bankers: no part of a house; there are house, teams"),
        ('desk = "platform"', 'desk = "nowhere"', "plans, no. 1: Desk matching query does not exist"),
        ("[house]", "[house", "Expected"),
    ],
)
def test_papers_that_cannot_be_laid_say_where_and_leave_nothing(db, now, tmp_path: Path, old, new, says):
    papers = tmp_path / "house.toml"
    papers.write_text(PAPERS.read_text().replace(old, new))
    before = rows()
    with pytest.raises(founding.BadPaper) as refused:
        founding.lay(papers, at=now)
    assert says in str(refused.value)
    assert rows() == before


def test_an_operator_is_made_by_a_link_that_is_good_once(client, db, capsys):
    call_command("operator", "otto@harbour.test", name="Otto Berg")
    link = capsys.readouterr().out.strip()
    assert "operations" in {team.kind for team in _teams("otto@harbour.test")}
    path = link.removeprefix("http://localhost:8000")
    form = client.get(path, follow=True)
    chosen = {"password1": "a short sentence is easy", "password2": "a short sentence is easy"}
    assert client.post(form.request["PATH_INFO"], chosen).status_code == 302
    assert User.objects.get().check_password("a short sentence is easy") and doors.waiting() == []
    client.logout()
    assert b"password1" not in client.get(path, follow=True).content


def test_a_customers_address_makes_no_operator(nina):
    with pytest.raises(CommandError, match="people of the house need another one"):
        call_command("operator", nina.email, stdout=StringIO())


def _teams(email: str):
    return [seat.team for seat in apps.get_model("accounts", "Seat").objects.filter(user__email=email)]

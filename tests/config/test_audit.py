"""config/engine/auditor.py and `manage.py audit`: a broken rule is found, and so is one that cannot be asked."""

import pytest
from django.core.management import call_command

from config.engine import auditor
from config.engine import invariants as engine
from config.engine.models import Beat, Lease
from kit import leases
from kit.invariants import Invariant

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken_lease():
    """A lease that runs for nobody: it breaks a rule of the engine's own."""
    return Lease.objects.create(name="ticker", holder="", lease_until=leases.clock())


def ask(**question):
    return auditor._ask(Invariant(name="question", sentence="A question.", **question), limit_ms=0)


def test_the_invariants_of_every_installed_app_are_collected():
    assert set(engine.INVARIANTS) <= set(auditor.invariants())


def test_an_empty_house_is_clean():
    assert auditor.audit(all=True) == []


def test_a_broken_rule_is_found_with_its_rows(broken_lease):
    found = auditor.audit(all=True)
    assert [(finding.invariant.name, finding.rows, finding.count) for finding in found] == [
        ("one_ticker_lease", ("ticker",), 1)
    ]


def test_a_rule_that_cannot_be_asked_does_not_hold_and_stops_no_other():
    finding = ask(sql="SELECT nothing FROM nowhere")
    assert finding.count == 1 and "could not be checked" in finding.rows[0]
    assert ask(sql="SELECT 1 WHERE 1 = 0").count == 0


def test_all_offences_are_counted_and_some_are_named():
    finding = ask(check=lambda: (f"row {number}" for number in range(100)))
    assert (finding.count, len(finding.rows)) == (100, auditor.SHOWN)


def test_percent_signs_in_a_query_are_not_parameters():
    assert ask(sql="SELECT 'found' WHERE 'a%b' LIKE 'a%'").rows == ("found",)


@pytest.mark.parametrize("both", [{}, {"sql": "SELECT 1", "check": list}])
def test_an_invariant_asks_in_one_way(both):
    with pytest.raises(ValueError, match="either sql or a check"):
        Invariant(name="two_ways", sentence="Asked twice.", **both)


def test_the_watch_leaves_its_answer_for_health(broken_lease):
    auditor.keep_watch()
    assert "one_ticker_lease: 1 (ticker)" in Beat.objects.get(name=auditor.AUDIT).error


def test_the_command_ends_with_1_when_a_rule_is_broken(broken_lease, capsys):
    with pytest.raises(SystemExit) as end:
        call_command("audit", "--all")
    assert end.value.code == 1
    assert "1 broken" in capsys.readouterr().out


def test_the_command_is_content_with_a_clean_house_that_stands_still(capsys):
    call_command("audit", "--all")
    assert "0 broken" in capsys.readouterr().out


def test_asked_for_life_it_misses_the_ticker(capsys):
    with pytest.raises(SystemExit):
        call_command("audit", "--live")
    assert "ticker: ticker never ran" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_the_audit_sees_one_moment_and_may_not_write():
    def write():
        Beat.objects.create(name="written", beat_at=leases.clock())
        return []

    ask(check=write)
    assert not Beat.objects.filter(name="written").exists()

"""desk/routing.py: each rule of PURE.md by its name, then brute force: rankings by counting, not by sort keys."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.routing import (
    Engineer,
    Waiting,
    acknowledge_by,
    choose_engineer,
    choose_ticket,
    objection,
    urgency,
)
from tests.proof import examples

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def often(n):
    return settings(max_examples=examples(n), deadline=None)


def ticket(reference: str = "T-1", **facts) -> Waiting:
    return Waiting(reference, **({"severity": 3, "waiting_since": AT - HOUR, "due_at": AT + HOUR} | facts))


def engineer(name: str = "omar", **facts) -> Engineer:
    usual = {"tier": 1, "skills": frozenset({"kubesphere"}), "languages": frozenset({"en"}), "idle_since": AT - HOUR}
    return Engineer(name, **(usual | facts))


def in_order(*tickets: Waiting) -> bool:
    keys = [urgency(each, AT) for each in tickets]
    return all(earlier < later for earlier, later in pairwise(keys))


# Order of tickets


def test_what_can_be_kept_is_ordered_by_its_deadline():
    assert in_order(ticket(due_at=AT + HOUR, severity=4), ticket(due_at=AT + 2 * HOUR, severity=1))


def test_broken_promises_go_behind_those_that_can_be_kept():
    broken = ticket(broken_at=AT - HOUR, due_at=AT - HOUR, severity=1)
    assert in_order(ticket(due_at=AT + 100 * HOUR, severity=4), broken)


def test_a_ticket_is_broken_at_its_due_moment():
    assert in_order(ticket(due_at=AT + timedelta.resolution), ticket(due_at=AT))
    assert urgency(ticket(due_at=AT), AT)[0] == 1
    assert urgency(ticket(due_at=AT + timedelta.resolution), AT)[0] == 0


def test_a_ticket_with_a_breach_is_broken_although_its_deadline_is_ahead():
    assert urgency(ticket(due_at=AT + HOUR, broken_at=AT - HOUR), AT)[0] == 1


def test_a_paused_ticket_with_a_breach_is_broken():
    assert urgency(ticket(due_at=None, broken_at=AT - HOUR), AT)[0] == 1


def test_broken_promises_return_to_the_front_after_8_hours():
    returned = ticket(broken_at=AT - 8 * HOUR, due_at=AT - 8 * HOUR)
    assert in_order(returned, ticket(due_at=AT + timedelta.resolution))
    assert urgency(replace(returned, broken_at=AT - 8 * HOUR + timedelta.resolution), AT)[0] == 1


def test_a_past_deadline_counts_as_the_moment_of_the_breach():
    assert in_order(ticket(due_at=AT - 9 * HOUR), ticket(due_at=AT - HOUR, broken_at=AT - 8 * HOUR))
    assert urgency(ticket(due_at=AT - 8 * HOUR + timedelta.resolution), AT)[0] == 1


def test_returned_tickets_are_ordered_by_the_breach_not_by_the_deadline():
    first = ticket(broken_at=AT - 10 * HOUR, due_at=AT + HOUR)
    assert in_order(first, ticket(broken_at=AT - 9 * HOUR, due_at=AT - 20 * HOUR))


def test_tickets_without_a_deadline_come_last():
    assert in_order(ticket(due_at=AT - HOUR, severity=4), ticket(due_at=None, severity=1))


@pytest.mark.parametrize("due_at", [AT + HOUR, AT - HOUR, AT - 9 * HOUR, None])
def test_equals_are_ordered_by_severity_then_waiting_then_reference(due_at):
    same = {"due_at": due_at}
    assert in_order(
        ticket("T-9", severity=1, waiting_since=AT, **same),
        ticket("T-8", severity=2, waiting_since=AT - 2 * HOUR, **same),
        ticket("T-1", severity=2, waiting_since=AT - HOUR, **same),
        ticket("T-2", severity=2, waiting_since=AT - HOUR, **same),
    )


def test_recently_broken_tickets_are_ordered_by_severity_whatever_their_deadlines():
    assert in_order(ticket(due_at=AT - HOUR, severity=1), ticket(due_at=AT - 7 * HOUR, severity=2))


def test_moments_of_one_zone_are_compared_in_utc():
    """02:15 in the second pass of the repeated hour is later than 02:45 in the first."""
    later = datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN, fold=1)
    earlier = datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN)
    at = datetime(2026, 10, 24, tzinfo=BERLIN)
    assert urgency(ticket(due_at=earlier), at) < urgency(ticket(due_at=later), at)
    assert urgency(ticket(due_at=earlier), later)[0] == 1


# Objections

OBJECTIONS = {
    "away": ({}, {"is_away": True}),
    "refused": ({"refused_by": frozenset({"omar"})}, {}),
    "standby": ({}, {"standby_for": frozenset({1, 2})}),
    "tier": ({"tier": 2}, {}),
    "skill": ({"skill": "kubekey"}, {}),
    "language": ({"language": "zh"}, {}),
    "customer": ({"organization": "nordlicht"}, {"denied": frozenset({"nordlicht"})}),
    "offered": ({}, {"offers": 1}),
    "full": ({}, {"held": 3}),
    "shift_ending": ({}, {"shift_ends_at": AT + 29 * MINUTE}),
}


@pytest.mark.parametrize("reason", OBJECTIONS)
def test_each_objection_has_its_name(reason):
    facts, state = OBJECTIONS[reason]
    assert objection(ticket(**facts), engineer(**state), AT) == reason


@pytest.mark.parametrize("first", range(len(OBJECTIONS)))
def test_the_first_objection_that_applies_is_named(first):
    facts, state = {}, {}
    for more_facts, more_state in list(OBJECTIONS.values())[first:]:
        facts, state = facts | more_facts, state | more_state
    assert objection(ticket(**facts), engineer(**state), AT) == list(OBJECTIONS)[first]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, {}),
        ({"refused_by": frozenset({"sara"})}, {}),
        ({"skill": "kubesphere", "language": "en"}, {}),
        ({"tier": 1}, {"tier": 2}),
        ({"severity": 2}, {"standby_for": frozenset({1, 2})}),
        ({"severity": 2, "due_at": AT - HOUR}, {"standby_for": frozenset({1, 2})}),  # broken, but it runs
        ({"organization": "nordlicht"}, {"allowed": frozenset({"nordlicht"})}),
        ({"organization": None}, {"denied": frozenset({"nordlicht"})}),
        ({}, {"held": 2}),
        ({}, {"shift_ends_at": AT + 30 * MINUTE}),
    ],
)
def test_without_a_reason_there_is_no_objection(facts, state):
    assert objection(ticket(**facts), engineer(**state), AT) is None


def test_standby_is_only_for_running_promises():
    waiting = ticket(severity=1, due_at=None, broken_at=AT - HOUR)
    assert objection(waiting, engineer(standby_for=frozenset({1})), AT) == "standby"


@pytest.mark.parametrize("organization", ["pujiang", None])
def test_somebody_allowed_for_some_serves_nobody_else(organization):
    assert objection(ticket(organization=organization), engineer(allowed=frozenset({"nordlicht"})), AT) == "customer"


def test_a_denied_customer_is_denied_although_allowed():
    both = engineer(allowed=frozenset({"nordlicht"}), denied=frozenset({"nordlicht"}))
    assert objection(ticket(organization="nordlicht"), both, AT) == "customer"


@pytest.mark.parametrize(
    ("severity", "held", "cap", "busy_with", "is_full"),
    [
        (1, 3, 3, (2, 2, 3), False),
        (1, 3, 3, (4,), False),
        (1, 3, 3, (2, 2, 2), True),
        (1, 3, 3, (), True),
        (1, 3, 3, (1, 3, 3), True),
        (1, 4, 3, (2, 3, 3), True),
        (2, 3, 3, (3, 3, 3), True),
        (1, 2, 3, (1, 1), False),
        (4, 2, 3, (1, 2), False),
        (1, 0, 0, (3,), True),
        (4, 0, 0, (), True),
    ],
)
def test_full_is_at_the_cap_but_severity_1_may_interrupt_a_3_or_4_once(severity, held, cap, busy_with, is_full):
    found = objection(ticket(severity=severity), engineer(held=held, cap=cap, busy_with=busy_with), AT)
    assert found == ("full" if is_full else None)


# Choices


def test_the_one_who_had_the_matter_comes_first():
    busy = engineer("omar", load=2.9, tier=2)
    assert choose_engineer(ticket(handled_by="omar"), [engineer("sara"), busy], AT) == busy


def test_the_one_who_had_the_matter_must_be_without_objection():
    full = engineer("omar", held=3)
    assert choose_engineer(ticket(handled_by="omar"), [full, engineer("sara")], AT).name == "sara"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"load": 2.0, "cap": 4, "tier": 2}, {"load": 1.8, "cap": 3}),
        ({"tier": 1, "skills": frozenset("abc")}, {"tier": 2, "skills": frozenset("a")}),
        ({"skills": frozenset("a"), "idle_since": AT}, {"skills": frozenset("ab")}),
        ({"idle_since": AT - 2 * HOUR}, {"idle_since": AT - HOUR}),
    ],
)
def test_engineers_are_ordered_by_load_per_cap_tier_skills_and_idleness(better, worse):
    wanted = engineer("zoe", **better)
    assert choose_engineer(ticket(), [engineer("adam", **worse), wanted], AT) == wanted


def test_equal_engineers_are_ordered_by_name():
    assert choose_engineer(ticket(), [engineer("sara"), engineer("omar")], AT).name == "omar"


@pytest.mark.parametrize(("severity", "name"), [(1, "omar"), (2, "omar"), (3, None), (4, None)])
def test_an_ending_shift_is_taken_for_severity_1_and_2_if_nobody_else_can(severity, name):
    found = choose_engineer(ticket(severity=severity), [engineer("omar", shift_ends_at=AT + MINUTE)], AT)
    assert (found and found.name) == name


def test_an_ending_shift_is_not_taken_while_somebody_else_can():
    ending = engineer("omar", shift_ends_at=AT + MINUTE)
    assert (
        choose_engineer(ticket(severity=1, handled_by="omar"), [ending, engineer("sara", load=2.5)], AT).name == "sara"
    )


def test_nobody_without_objection_is_none():
    assert choose_engineer(ticket(severity=1), [engineer(is_away=True, shift_ends_at=AT)], AT) is None
    assert choose_engineer(ticket(severity=1), [], AT) is None


def test_an_engineer_gets_the_most_urgent_ticket_that_can_be_taken():
    wanted = ticket("T-3", due_at=AT + 2 * HOUR)
    others = [ticket("T-1", due_at=AT + 3 * HOUR), ticket("T-2", skill="kubekey", severity=1)]
    assert choose_ticket(engineer(), [*others, wanted], AT) == wanted
    assert choose_ticket(engineer(), others[1:], AT) is None


@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_an_ending_shift_pulls_nothing(severity):
    assert choose_ticket(engineer(shift_ends_at=AT + MINUTE), [ticket(severity=severity)], AT) is None


# Acknowledgement

MINUTES = {1: 99, 2: 10, 3: 20, 4: 30}


@pytest.mark.parametrize(
    ("facts", "seconds"),
    [
        ({"severity": 1}, 300),
        ({"severity": 1, "due_at": AT + MINUTE}, 300),
        ({"severity": 1, "due_at": None}, 300),
        ({"severity": 2, "due_at": AT + 2 * HOUR}, 600),
        ({"severity": 2, "due_at": AT + 40 * MINUTE}, 480),
        ({"severity": 3, "due_at": AT + timedelta(seconds=2001)}, 401),
        ({"severity": 3, "due_at": AT + timedelta(seconds=2000, microseconds=1)}, 401),
        ({"severity": 3, "due_at": AT + timedelta(seconds=2000)}, 400),
        ({"severity": 3, "due_at": AT + 5 * MINUTE}, 120),
        ({"severity": 3, "due_at": AT + timedelta.resolution}, 120),
        ({"severity": 4, "due_at": AT}, 1800),
        ({"severity": 4, "due_at": AT - HOUR}, 1800),
        ({"severity": 4, "due_at": AT + MINUTE, "broken_at": AT - HOUR}, 1800),
        ({"severity": 4, "due_at": None}, 1800),
    ],
)
def test_an_offer_is_acknowledged_within_the_minutes_or_a_fifth_of_the_slack(facts, seconds):
    assert acknowledge_by(ticket(**facts), AT, MINUTES) == AT + timedelta(seconds=seconds)


def test_an_offer_is_never_acknowledged_under_2_minutes_unless_broken():
    assert acknowledge_by(ticket(due_at=AT + HOUR), AT, {3: 1}) == AT + 2 * MINUTE
    assert acknowledge_by(ticket(due_at=None), AT, {3: 1}) == AT + MINUTE


def test_the_answer_is_utc_and_real_time():
    at = datetime(2026, 10, 25, 2, 50, tzinfo=BERLIN)  # ten minutes before the clock goes back
    found = acknowledge_by(ticket(severity=4, due_at=None), at, MINUTES)
    assert (found, found.tzinfo) == (datetime(2026, 10, 25, 1, 20, tzinfo=UTC), UTC)


# Wrong input


@pytest.mark.parametrize(
    "ask",
    [
        lambda naive: urgency(ticket(), naive),
        lambda naive: urgency(ticket(due_at=naive), AT),
        lambda naive: urgency(ticket(broken_at=naive), AT),
        lambda naive: urgency(ticket(waiting_since=naive), AT),
        lambda naive: objection(ticket(), engineer(shift_ends_at=naive), AT),
        lambda naive: choose_engineer(ticket(), [engineer(idle_since=naive)], AT),
        lambda naive: acknowledge_by(ticket(), naive, MINUTES),
    ],
)
def test_a_naive_datetime_is_refused(ask):
    with pytest.raises(ValueError, match="zone"):
        ask(AT.replace(tzinfo=None))


def test_a_severity_without_minutes_is_refused():
    with pytest.raises(KeyError):
        acknowledge_by(ticket(severity=3), AT, {2: 10})


def test_tickets_and_engineers_are_facts():
    with pytest.raises(FrozenInstanceError):
        ticket().severity = 1
    assert engineer() == engineer() and hash(ticket()) == hash(ticket())


# Brute force

small_sets = st.frozensets(st.sampled_from("ab"))
moments = st.sampled_from([-600, -480, -479, -60, -1, 0, 1, 29, 30, 31, 60, 600]).map(lambda m: AT + m * MINUTE)
tickets = st.builds(
    Waiting,
    reference=st.sampled_from(["T-1", "T-2", "T-3", "T-4"]),
    severity=st.integers(1, 4),
    waiting_since=moments,
    due_at=st.none() | moments,
    broken_at=st.none() | st.none() | moments,
    tier=st.integers(1, 2),
    skill=st.sampled_from([None, "a", "b"]),
    language=st.sampled_from([None, None, "a", "b"]),
    organization=st.sampled_from([None, "a", "b"]),
    handled_by=st.sampled_from([None, "omar", "sara"]),
    refused_by=st.sampled_from([frozenset(), frozenset(), frozenset({"omar"})]),
)
engineers = st.builds(
    Engineer,
    name=st.sampled_from(["omar", "sara", "grace", "hugo", "chen"]),
    tier=st.integers(1, 3),
    skills=st.just(frozenset("ab")) | small_sets,
    languages=st.just(frozenset("ab")) | small_sets,
    idle_since=moments,
    held=st.integers(0, 3),
    cap=st.integers(0, 3),
    load=st.sampled_from([0.0, 0.5, 1.0, 1.5]),
    offers=st.sampled_from([0, 0, 0, 1]),
    busy_with=st.lists(st.integers(1, 4), max_size=3).map(tuple),
    shift_ends_at=st.none() | moments,
    standby_for=st.none() | st.none() | st.frozensets(st.integers(1, 4)),
    is_away=st.sampled_from([False, False, False, True]),
    allowed=st.none() | st.none() | small_sets,
    denied=st.just(frozenset()) | small_sets,
)
pools = st.lists(tickets, max_size=6, unique_by=lambda each: each.reference)
desks = st.lists(engineers, max_size=6, unique_by=lambda each: each.name)


def why_not(waiting: Waiting, person: Engineer) -> list[str]:
    """All objections, in the order of the page, in other words than the module's."""
    found = []
    if person.is_away:
        found.append("away")
    if any(name == person.name for name in waiting.refused_by):
        found.append("refused")
    called_for = {waiting.severity} if waiting.due_at else set()
    if person.standby_for is not None and not called_for & person.standby_for:
        found.append("standby")
    if not person.tier >= waiting.tier:
        found.append("tier")
    if waiting.skill is not None and not {waiting.skill} & person.skills:
        found.append("skill")
    if waiting.language is not None and not {waiting.language} & person.languages:
        found.append("language")
    welcome = {None, "a", "b"} if person.allowed is None else set(person.allowed)
    if waiting.organization not in welcome - person.denied:
        found.append("customer")
    if person.offers:
        found.append("offered")
    room = person.cap - person.held
    if waiting.severity == 1 and room == 0 and person.cap and 1 not in person.busy_with:
        room += 3 in person.busy_with or 4 in person.busy_with
    if room <= 0:
        found.append("full")
    if person.shift_ends_at is not None and person.shift_ends_at < AT + 30 * MINUTE:
        found.append("shift_ending")
    return found


def goes_before(one: Waiting, other: Waiting) -> bool:
    """The page's order of two tickets, decided by cases."""

    def group(each: Waiting) -> tuple[int, datetime | None]:
        broken = each.broken_at
        if broken is None and each.due_at is not None and each.due_at <= AT:
            broken = each.due_at
        if broken is not None:
            return (0, broken) if broken <= AT - timedelta(hours=8) else (1, None)
        return (2, None) if each.due_at is None else (0, each.due_at)

    (group_one, moment_one), (group_other, moment_other) = group(one), group(other)
    if group_one != group_other:
        return group_one < group_other
    if moment_one != moment_other:
        return moment_one < moment_other
    for name in ("severity", "waiting_since", "reference"):
        if getattr(one, name) != getattr(other, name):
            return getattr(one, name) < getattr(other, name)
    return False


def is_preferred(waiting: Waiting, one: Engineer, other: Engineer) -> bool:
    if (one.name == waiting.handled_by) != (other.name == waiting.handled_by):
        return one.name == waiting.handled_by
    load_one, load_other = Fraction(one.load) / one.cap, Fraction(other.load) / other.cap
    if load_one != load_other:
        return load_one < load_other
    for fact in (lambda e: e.tier, lambda e: len(e.skills), lambda e: e.idle_since, lambda e: e.name):
        if fact(one) != fact(other):
            return fact(one) < fact(other)
    return False


@often(400)
@given(tickets, engineers)
def test_the_objection_is_the_first_of_all_that_apply(waiting, person):
    assert objection(waiting, person, AT) == next(iter(why_not(waiting, person)), None)


@often(400)
@given(tickets, tickets)
def test_urgency_orders_any_two_tickets_as_the_page_says(one, other):
    assert (urgency(one, AT) < urgency(other, AT)) == goes_before(one, other)


@often(200)
@given(tickets, desks)
def test_the_engineer_chosen_is_preferred_to_everybody_else_who_can(waiting, people):
    able = [person for person in people if why_not(waiting, person) == []]
    if not able and waiting.severity in (1, 2):
        able = [person for person in people if why_not(waiting, person) == ["shift_ending"]]
    best = [one for one in able if not any(is_preferred(waiting, other, one) for other in able)]
    assert [choose_engineer(waiting, iter(people), AT)] == (best or [None])


@often(200)
@given(engineers, pools)
def test_the_ticket_chosen_goes_before_every_other_that_can_be_taken(person, pool):
    able = [waiting for waiting in pool if why_not(waiting, person) == []]
    best = [one for one in able if not any(goes_before(other, one) for other in able)]
    assert [choose_ticket(person, iter(pool), AT)] == (best or [None])


@often(100)
@given(tickets, engineers, pools, desks, st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_changes_the_answer(waiting, person, pool, people, random):
    engineer_before, ticket_before = choose_engineer(waiting, people, AT), choose_ticket(person, pool, AT)
    random.shuffle(people)
    random.shuffle(pool)
    assert choose_engineer(waiting, people, AT) == engineer_before
    assert choose_ticket(person, pool, AT) == ticket_before


@often(200)
@given(tickets, st.integers(0, 10**11), st.integers(1, 120))
def test_the_moment_to_acknowledge_is_the_pages_arithmetic(waiting, microseconds, minutes):
    waiting = replace(waiting, due_at=waiting.due_at and AT + timedelta(microseconds=microseconds))
    given_ = acknowledge_by(waiting, AT, dict.fromkeys([1, 2, 3, 4], minutes)) - AT
    if waiting.severity == 1:
        wanted = Fraction(300)
    elif waiting.broken_at is not None or not waiting.due_at or not microseconds:
        wanted = Fraction(minutes * 60)
    else:
        wanted = max(Fraction(120), min(Fraction(minutes * 60), Fraction(microseconds, 5 * 10**6)))
    assert given_ == timedelta(seconds=-(-wanted.numerator // wanted.denominator))

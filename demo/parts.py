"""The parts that people play in a plot: how each step becomes the verb that its person would have used.

Engineers speak while they are on duty and own the ticket, customers and R&D at hours at which people work, unless it
is urgent. A step whose person is not there yet waits for them; what the house refuses ends the plot, and is logged.
"""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from accounts.models import User
from demo import cast
from demo.plots import Plot, Step
from demo.stage import Stage
from desk.actions import handovers, notes, offers, replies
from desk.actions import help as desk_help
from desk.actions import severity as desk_severity
from desk.models import HelpRequest, Offer, Work
from duty.models.inside import Engineer
from kit.verbs import Refused
from rnd.actions import investigations
from rnd.models import Investigation
from tickets.actions import ratings, tickets, words
from tickets.actions import severity as public_severity
from tickets.models import Ticket

log = logging.getLogger(__name__)

RESEARCHERS = {"kubesphere": "ravi", "kubekey": "mei"}
URGENT = (1, 2)
AWAKE = (time(8, 30), time(18, 30))
SETTLING = timedelta(minutes=7)
"""How long somebody who has just come, or just taken a ticket, reads before they write."""
SHIFT_ENDS = {
    "en": "My shift ends. Where it stands is in the notes, and the customer knows the next step.",
    "zh-hans": "我这一班结束了，进展写在备注里，客户知道下一步是什么。",
}

SPEECH = {"reply": replies.send, "ask": replies.ask, "solve": replies.solve}
DESK = {*SPEECH, "aside", "note", "help", "confirm", "give_back"}
INSIDE = {"note", "help"}
"""At a fixed moment these are done by whoever is there; else they wait for the owner like any other."""
RND = {"take", "remark", "publish", "pass_on"}


class Player:
    """One plot as it is played: where it stands, and what comes next."""

    def __init__(self, plot: Plot, stage: Stage, people: Callable[[str], User]) -> None:
        self.plot, self.stage, self.people = plot, stage, people
        self.ticket: Ticket | None = None
        self._next, self._offers = 0, 0
        self._ready_at: datetime | None = None
        """Set while a step of the desk waits for an owner: when it might have been taken."""

    def began(self, ticket: Ticket, at: datetime) -> None:
        self.ticket = ticket
        self._plan_next(at)

    @property
    def reference(self) -> str:
        return self.ticket.reference if self.ticket else ""

    # Offers

    def is_offered(self, offer: Offer, at: datetime) -> None:
        """The engineer looks at it after a part of the time there is, and takes it; or what the plot says."""
        self._offers += 1
        told = self.plot.offers[self._offers - 1] if self._offers <= len(self.plot.offers) else "take"
        answer, _colon, reason = told.partition(":")
        window = offer.acknowledge_by - offer.offered_at
        part = 15 + crc32(f"{self.plot.key}{self._offers}".encode()) % 40
        by = offer.engineer.user
        if answer == "take":
            self.stage.plan(at + window * part / 100, lambda at: self._takes(by, at))
        elif answer == "refuse":
            self.stage.plan(at + window * part / 100, lambda at: self._refuses(by, at, reason))

    def _takes(self, by: User, at: datetime) -> None:
        try:
            work = offers.acknowledge(self.reference, by=by, at=at)
        except offers.NoOffer:
            return
        if work.severity in URGENT and work.engineer_id:
            self.stage.plan(self.stage.goes_off(work.desk_id, work.engineer_id, at), self._ends_shift)
        if self._ready_at is not None:
            ready_at, self._ready_at = self._ready_at, None
            self._plan(max(ready_at, at + SETTLING))

    def _refuses(self, by: User, at: datetime, reason: str) -> None:
        try:
            offers.refuse(self.reference, by=by, at=at, reason=reason)
        except offers.NoOffer:
            return

    # Steps

    def _plan_next(self, at: datetime) -> None:
        """The step after this, if there is one, at its time."""
        if self._next >= len(self.plot.steps):
            return
        step = self.plot.steps[self._next]
        wanted = self.stage.until - step.ago if step.ago is not None else at + step.wait
        self._plan(self._when_there(step, max(wanted, at)))

    def _plan(self, at: datetime) -> None:
        self.stage.plan(at, self._plays)

    def _when_there(self, step: Step, at: datetime) -> datetime:
        """When a customer, or somebody of R&D, sits at work next."""
        if step.ago is not None or step.verb in DESK or self.plot.severity in URGENT:
            return at
        return next_awake(cast.BY_KEY[self._person(step)], at)

    def _person(self, step: Step) -> str:
        if step.verb in RND:
            return RESEARCHERS.get(self._topic(), "ravi")
        _verb, _colon, who = step.verb.partition(":")
        return who or self.plot.asker

    def _topic(self) -> str:
        asked = HelpRequest.objects.filter(work__ticket=self.ticket).order_by("-pk").first() if self.ticket else None
        found = Investigation.objects.filter(request=asked).select_related("group").first() if asked else None
        return found.group.topic if found else "kubesphere"

    def _plays(self, at: datetime) -> None:
        step = self.plot.steps[self._next]
        try:
            if step.verb in DESK:
                if not self._desk(step, at):
                    return
            elif step.verb in RND:
                self._rnd(step, at)
            else:
                self._customer(step, at)
        except Refused as refusal:
            log.warning("the story of %s ends early, at %r: %s", self.plot.key, step.verb, refusal)
            return
        self._next += 1
        self._plan_next(at)

    def _customer(self, step: Step, at: datetime) -> None:
        by, reference = self.people(self._person(step)), self.reference
        match step.verb.partition(":")[0], step.words:
            case "say", (body,):
                words.say(reference, by=by, at=at, body=body)
            case "urge", ():
                words.urge(reference, by=by, at=at)
            case "raise", (severity, reason):
                public_severity.raise_(reference, by=by, at=at, severity=int(severity), reason=reason)
            case "rate", (score, *comment):
                ratings.rate(reference, by=by, at=at, score=int(score), comment="".join(comment))
            case "withdraw", ():
                tickets.withdraw(reference, by=by, at=at)
            case "close", ():
                tickets.close(reference, by=by, at=at)
            case _:
                raise ValueError(step)

    def _desk(self, step: Step, at: datetime) -> bool:
        """What the owner does. False when it has to wait for an owner, or for the owner's next shift."""
        work = Work.objects.select_related("engineer__user").get(ticket=self.ticket)
        if step.verb in INSIDE and step.ago is not None:
            self._speaks(step, self._somebody(work, at), at)
            return True
        if work.state in (Work.State.POOL, Work.State.OFFERED):
            self._ready_at = at
            return False
        engineer = work.engineer
        if engineer is None:
            return True  # it is over: nothing is said any more
        if not self.stage.is_on(work.desk_id, engineer.pk, at):
            self._off_duty(work, engineer, at)
            return False
        self._speaks(step, engineer.user, at)
        return True

    def _somebody(self, work: Work, at: datetime) -> User:
        """The owner, or a colleague who is there: notes and requests for help are everybody's."""
        here = self.stage.shift(work.desk_id, at).people
        if work.engineer and (work.engineer_id in here or not here):
            return work.engineer.user
        crew = Engineer.objects.filter(desk_id=work.desk_id, cap__gt=0).select_related("user").order_by("pk")
        return (crew.filter(pk__in=here).first() or crew[0]).user

    def _ends_shift(self, at: datetime) -> None:
        """Who goes leaves an urgent matter to whoever is there; at a desk that closes it stays with its owner."""
        work = Work.objects.select_related("engineer__user").get(ticket=self.ticket)
        owner = work.engineer
        is_his = owner is not None and work.state == Work.State.OWNED and work.severity in URGENT
        is_closed = self.stage.shift(work.desk_id, at).is_gap
        if owner and is_his and not is_closed and not self.stage.is_on(work.desk_id, owner.pk, at):
            handovers.give_back(self.reference, by=owner.user, at=at, reason=SHIFT_ENDS[owner.user.language])

    def _off_duty(self, work: Work, owner: Engineer, at: datetime) -> None:
        """A step waits for its owner's next shift."""
        if (back := self.stage.next_on(work.desk_id, owner.pk, at)) is not None:
            self._plan(back + SETTLING)

    def _speaks(self, step: Step, by: User, at: datetime) -> None:
        reference = self.reference
        match step.verb, step.words:
            case ("reply" | "ask" | "solve") as verb, (body,):
                seen = replies.preview(reference, by=by, body=body)
                SPEECH[verb](reference, by=by, at=at, body=body, digest=seen.digest)
            case "aside", (reason,):
                replies.set_aside(reference, by=by, at=at, reason=reason)
            case "note", (body,):
                notes.write(reference, by=by, at=at, body=body)
            case "confirm", (severity, reason, *inside):
                desk_severity.confirm(
                    reference, by=by, at=at, severity=int(severity), reason=reason, words="".join(inside)
                )
            case "give_back", (reason,):
                handovers.give_back(reference, by=by, at=at, reason=reason)
            case "help", (title, symptom, environment, tried, question):
                desk_help.ask(
                    reference, by=by, at=at, title=title, symptom=symptom, environment=environment, tried=tried,
                    question=question,
                )  # fmt: skip
            case _:
                raise ValueError(step)

    def _rnd(self, step: Step, at: datetime) -> None:
        by = self.people(self._person(step))
        found = Investigation.objects.filter(request__work__ticket=self.ticket).order_by("-pk").get()
        match step.verb, step.words:
            case "take", ():
                investigations.take(found.reference, by=by, at=at)
            case "remark", (body,):
                investigations.remark(found.reference, by=by, at=at, body=body)
            case "pass_on", (topic,):
                investigations.pass_on(found.reference, by=by, at=at, topic=topic)
            case "publish", (body, *more):
                workaround, fixed_in = (*more, "", "")[:2]
                investigations.publish(
                    found.reference, by=by, at=at, body=body, workaround=workaround, fixed_in=fixed_in
                )
            case _:
                raise ValueError(step)


def next_awake(person: cast.Person, at: datetime) -> datetime:
    """The first moment from `at` on at which the person sits at work, on a weekday by their own clock."""
    zone = ZoneInfo(person.timezone)
    local = at.astimezone(zone)
    while local.weekday() > 4 or not AWAKE[0] <= local.time() < AWAKE[1]:
        is_early = local.time() < AWAKE[0]
        on = local.date() if is_early else local.date() + timedelta(days=1)
        local = datetime.combine(on, AWAKE[0], tzinfo=zone) + timedelta(minutes=crc32(person.key.encode()) % 50)
    return local

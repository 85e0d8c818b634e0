"""The story that all worlds share: what customers and the desk do, at which moment, in which words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from billing.models import Entitlement
from demo import cast
from desk import tasks as desk_tasks
from desk.actions import handovers, help, notes, offers, replies, severity
from desk.models import Work
from notifications import tasks as notification_tasks
from tickets import tasks as ticket_tasks
from tickets.actions import asks, ratings, tickets, words

BEGIN = datetime(2026, 11, 24, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
WORDS = (
    "We found the cause and mend it tonight.",
    "请今晚升级到新版本，升级后问题会消失。",
    "Version 4.1.3 holds the fix; upgrade when it suits you.",
)


@dataclass(frozen=True, slots=True)
class Plot:
    """One variant: how bad the matter is, which words leave, and whether the desk asks R&D about both tickets."""

    severity: int = 2
    reply: int = 0
    asks_twice: bool = False


PLOTS = (Plot(), Plot(severity=1, reply=1), Plot(severity=3, reply=2, asks_twice=True))


@dataclass
class Story:
    """Plays one plot. `steps` are (level, what happens); between two of them lies a gap of a quarter of an hour."""

    plot: Plot
    first: str = ""
    second: str = ""
    at: datetime = field(default=BEGIN)

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        return [
            ("customer", self.nina_files), ("customer", self.jonas_files), ("desk", self.the_desk_asks_rnd),
            ("customer", self.nina_adds), ("desk", self.the_desk_answers), ("desk", self.the_desk_asks_her),
            ("customer", self.jonas_urges), ("customer", self.nina_answers), ("desk", self.the_desk_confirms),
            ("desk", self.the_desk_solves), ("customer", self.nina_rates), ("customer", self.time_passes),
        ]  # fmt: skip

    def nina_files(self) -> None:
        log = SimpleUploadedFile("pods.log", b"OOMKilled\n" * 20)
        self.first = self._file("nina", "Pods restart every forty minutes", self.plot.severity, files=[log])

    def jonas_files(self) -> None:
        self.second = self._file("jonas", "Which version supports arm64?", 4)

    def the_desk_asks_rnd(self) -> None:
        for reference in (self.first, self.second) if self.plot.asks_twice else (self.first,):
            help.ask(
                reference, by=self._engineer(reference), at=self.at, title="Console restarts",
                symptom="Pods of the console restart.", environment="4.1.2", tried="More memory.", question="Why?",
                topic="kubesphere",
            )  # fmt: skip

    def nina_adds(self) -> None:
        words.say(self.first, by=cast.person("nina"), at=self.at, body="It happens on both clusters now.")

    def the_desk_answers(self) -> None:
        picture = SimpleUploadedFile("screenshot of omar.txt", b"kubectl get pods -A\n")
        self._speak(self.first, replies.send, WORDS[self.plot.reply], files=[picture])
        notes.write(self.first, by=self._engineer(self.first), at=self.at, body="Told her what we know.")

    def the_desk_asks_her(self) -> None:
        """And she is reminded, as though she had been silent for long."""
        self._speak(self.first, replies.ask, "Which storage class do you use?")
        asks.remind_due(self.at + timedelta(days=10))

    def jonas_urges(self) -> None:
        words.urge(self.second, by=cast.person("jonas"), at=self.at)

    def nina_answers(self) -> None:
        words.say(self.first, by=cast.person("nina"), at=self.at, body="openebs-hostpath, on both.")

    def the_desk_confirms(self) -> None:
        by = self._engineer(self.second)
        severity.confirm(
            self.second, by=by, at=self.at, severity=3, reason="by_definition", words="It is more than that."
        )

    def the_desk_solves(self) -> None:
        self._speak(self.first, replies.solve, "Upgrade to 4.1.3 and it stays up.")

    def nina_rates(self) -> None:
        ratings.rate(self.first, by=cast.person("nina"), at=self.at, score=5, comment="Quick.")

    def time_passes(self) -> None:
        """The second ticket grows old; its promises are warned of and broken."""

    def _file(self, who: str, subject: str, level: int, **more) -> str:
        company = cast.company("nordlicht")
        plan = Entitlement.objects.filter(organization=company).get().reference
        return tickets.submit(
            by=cast.person(who), at=self.at, organization=company.reference, category="workloads", subject=subject,
            body=f"{subject}. Logs are attached.", severity=level, entitlement=plan, **more,
        ).reference  # fmt: skip

    def _engineer(self, reference: str) -> User:
        """Whoever holds the ticket; who was only asked acknowledges first; if nobody holds it, Sara takes it."""
        work = Work.objects.select_related("engineer__user").get(ticket__reference=reference)
        if work.engineer is None:
            handovers.take(reference, by=cast.person("sara"), at=self.at)
            return cast.person("sara")
        if work.state == Work.State.OFFERED:
            offers.acknowledge(reference, by=work.engineer.user, at=self.at)
        return work.engineer.user

    def _speak(self, reference: str, verb: Callable, body: str, **more) -> None:
        by = self._engineer(reference)
        seen = replies.preview(reference, by=by, body=body)
        verb(reference, by=by, at=self.at, body=body, digest=seen.digest, **more)


def engine() -> None:
    """What worker and ticker do after each moment, R&D's part excepted."""
    ticket_tasks.sweep_confirmations()
    desk_tasks.sweep_intake()
    desk_tasks.sweep_pool()
    desk_tasks.sweep_offers()
    desk_tasks.sweep_promises()
    ticket_tasks.sweep_closing()
    notification_tasks.sweep_notices()

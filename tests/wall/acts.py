"""What R&D may do between two moments of a story, and the random histories of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hypothesis import strategies as st

from demo import cast
from kit.verbs import Refused
from notifications.actions import notices
from rnd import tasks
from rnd.actions import investigations
from rnd.models import Investigation

PEOPLE = ("ravi", "mei")
CANARY = "zqcanary"
"""Stands in all that R&D writes, so that a search can find it anywhere outside."""
TEXTS = (
    f"{CANARY} short",
    f"{CANARY} " + "the informer keeps every evicted member of the host alive for good. " * 12,
    f"{CANARY} 内存泄漏在成员集群的缓存里，与客户的配置无关，我们春天就知道了。" * 3,
    f"{CANARY} <b>KSE-4711</b> `a1b2c3d` @omar 10.20.30.40",
)
MINUTES = (0, 1, 4, 9, 14)
"""How long after a public moment R&D acts; the next public moment is at least a quarter of an hour away."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody of R&D does, so many minutes after the moment before. `which` counts investigations."""

    verb: str
    who: str = "ravi"
    which: int = 0
    text: int = 0
    minute: int = 0


def do(act: Act, at: datetime) -> bool:
    """Do it. False when it cannot be done now, because another did it or it is another group's."""
    try:
        VERBS[act.verb](act, at)
    except (Refused, Investigation.DoesNotExist, IndexError):
        return False
    return True


def _sweep(act: Act, at: datetime) -> None:
    tasks.sweep_requests()


def _take(act: Act, at: datetime) -> None:
    investigations.take(_reference(act), by=cast.person(act.who), at=at)


def _remark(act: Act, at: datetime) -> None:
    investigations.remark(_reference(act), by=cast.person(act.who), at=at, body=TEXTS[act.text])


def _publish(act: Act, at: datetime) -> None:
    investigations.publish(
        _reference(act), by=cast.person(act.who), at=at, body=TEXTS[act.text],
        workaround=TEXTS[act.text - 1] if act.text else "", fixed_in="v9.9.9" if act.text % 2 else "",
    )  # fmt: skip


def _pass_on(act: Act, at: datetime) -> None:
    topic = ("kubesphere", "kubekey")[act.text % 2]
    investigations.pass_on(_reference(act), by=cast.person(act.who), at=at, topic=topic)


def _read(act: Act, at: datetime) -> None:
    notices.read_all(by=cast.person(act.who), at=at)


def _reference(act: Act) -> str:
    return list(Investigation.objects.order_by("pk").values_list("reference", flat=True))[act.which]


VERBS: dict[str, Callable[[Act, datetime], None]] = {
    "sweep": _sweep, "take": _take, "remark": _remark, "publish": _publish, "pass_on": _pass_on, "read": _read,
}  # fmt: skip

ACTS = st.builds(
    Act, verb=st.sampled_from(sorted(VERBS)), who=st.sampled_from(PEOPLE), which=st.integers(0, 1),
    text=st.integers(0, len(TEXTS) - 1), minute=st.sampled_from(MINUTES),
)  # fmt: skip
ASKED = 2
"""The first gap in which there is something for R&D to do: the desk has asked."""
HISTORIES = st.lists(st.lists(ACTS, max_size=5), max_size=8).map(
    lambda gaps: [[]] * ASKED + [[Act("sweep"), *gaps[0]], *gaps[1:]] if gaps else []
)
"""For each gap of a story what R&D does in it; gaps beyond the list are quiet. In the shortest it does nothing."""

BUSY = (
    (), (),
    (Act("sweep"), Act("take"), Act("remark", text=1)),
    (Act("remark", text=2, minute=4), Act("pass_on", text=1, minute=9)),
    (Act("take", "mei"), Act("remark", "mei", text=3), Act("read", "mei")),
    (Act("sweep"), Act("publish", "mei", text=1, minute=14)),
    (Act("sweep"), Act("take", which=1), Act("publish", which=1, text=2)),
    (), (), (), (Act("sweep"), Act("read")),
)  # fmt: skip
"""A history in which R&D does everything that it can: what the seeded leaks are tried on."""

"""The desk's verb on severity."""

from datetime import datetime

from desk.actions import crew, intake, pool
from desk.models import Note, Work
from kit.texts import clean_block
from kit.verbs import Actor, verb
from tickets.actions import severity as public

WORDS_LIMIT = 1000


@verb
def confirm(reference: str, *, by: Actor, at: datetime, severity: int, reason: str, words: str = "") -> Work:
    """Confirm the severity that was asked for, or say another. Promises are measured anew, and routing asks again.

    `reason` is one of Fact.Judgement, which the customer reads; `words` stay inside. Raises Work.DoesNotExist,
    WrongMove.
    """
    work = (
        Work.objects.visible_to(by)
        .select_for_update(of=("self", "ticket"), no_key=True)
        .select_related("ticket", "desk")
        .get(ticket__reference=reference)
    )
    work.require(Work.State.POOL, Work.State.OFFERED, Work.State.OWNED, Work.State.WAITING)
    was = work.severity
    public.confirm(work.ticket, at=at, severity=severity, reason=reason)
    intake.copy(work, at=at)
    Note.objects.create(
        work=work, by_id=by.pk, at=at, body=clean_block(words, WORDS_LIMIT), data={"severity": severity, "was": was}
    )
    crew.acts(by)
    if work.state == Work.State.POOL:
        pool.place(work, at=at)
    return work

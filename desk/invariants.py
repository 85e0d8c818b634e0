"""What must always hold at the desk (DESIGN 14)."""

from kit.invariants import Invariant

INVARIANTS = (
    Invariant(
        name="held_equals_count",
        sentence="What an engineer holds is the number of live offers and of owned tickets that do not wait.",
        sql="""
            SELECT e.id, e.held FROM duty_engineer e
            WHERE e.held <> (
                SELECT count(*) FROM desk_work w WHERE w.engineer_id = e.id AND w.state IN ('offered', 'owned'))
        """,
    ),
    Invariant(
        name="held_within_cap",
        sentence="Nobody holds more than the cap, but for one S1 above it.",
        sql="""
            SELECT e.id, e.held, e.cap FROM duty_engineer e
            WHERE e.held > e.cap AND (
                e.held > e.cap + 1 OR NOT EXISTS (
                    SELECT 1 FROM desk_work w
                    WHERE w.engineer_id = e.id AND w.state IN ('offered', 'owned') AND w.severity = 1))
        """,
    ),
    Invariant(
        name="one_live_offer_or_owner",
        sentence="A ticket that is offered has exactly one live offer, to its engineer; any other has none.",
        sql="""
            SELECT w.id, w.state FROM desk_work w
            WHERE (w.state = 'offered') <> EXISTS (
                SELECT 1 FROM desk_offer o
                WHERE o.work_id = w.id AND o.state = 'live' AND o.engineer_id = w.engineer_id)
              AND w.state <> 'done'
            UNION ALL
            SELECT o.work_id, o.state FROM desk_offer o JOIN desk_work w ON w.id = o.work_id
            WHERE o.state = 'live' AND (w.state <> 'offered' OR w.engineer_id <> o.engineer_id)
        """,
    ),
    Invariant(
        name="open_tickets_have_work",
        sentence="Every open ticket is owned, offered or in a pool once its facts were taken in.",
        sql="""
            SELECT t.reference FROM tickets_ticket t
            WHERE t.state IN ('open', 'waiting')
              AND NOT EXISTS (SELECT 1 FROM tickets_fact f WHERE f.ticket_id = t.id AND f.taken_at IS NULL)
              AND NOT EXISTS (SELECT 1 FROM desk_work w WHERE w.ticket_id = t.id AND w.state <> 'done')
        """,
        is_cheap=False,
    ),
    Invariant(
        name="over_is_done",
        sentence="A ticket that is over is done for the desk, and nothing else is, once its facts were taken in.",
        sql="""
            SELECT t.reference, t.state, w.state FROM desk_work w JOIN tickets_ticket t ON t.id = w.ticket_id
            WHERE (w.state = 'done') <> (t.state IN ('solved', 'closed'))
              AND NOT EXISTS (SELECT 1 FROM tickets_fact f WHERE f.ticket_id = t.id AND f.taken_at IS NULL)
        """,
        is_cheap=False,
    ),
    Invariant(
        name="due_times_are_copies",
        sentence="The desk orders by the deadline that the customer sees, once its facts were taken in.",
        sql="""
            SELECT t.reference, w.due_at FROM desk_work w JOIN tickets_ticket t ON t.id = w.ticket_id
            WHERE w.state <> 'done'
              AND NOT EXISTS (SELECT 1 FROM tickets_fact f WHERE f.ticket_id = t.id AND f.taken_at IS NULL)
              AND (SELECT min(c.due_at) FROM tickets_clock c WHERE c.ticket_id = t.id) IS DISTINCT FROM w.due_at
        """,
        sql_sqlite="""
            SELECT t.reference, w.due_at FROM desk_work w JOIN tickets_ticket t ON t.id = w.ticket_id
            WHERE w.state <> 'done'
              AND NOT EXISTS (SELECT 1 FROM tickets_fact f WHERE f.ticket_id = t.id AND f.taken_at IS NULL)
              AND (SELECT min(c.due_at) FROM tickets_clock c WHERE c.ticket_id = t.id) IS NOT w.due_at
        """,
        is_cheap=False,
    ),
    Invariant(
        name="no_firing_is_early",
        sentence="No threshold fired before its moment.",
        sql="SELECT id, due_at, fired_at FROM desk_firing WHERE fired_at < due_at",
        is_cheap=False,
    ),
    Invariant(
        name="help_stays_above",
        sentence="An answered help request has its answer.",
        sql="""
            SELECT h.reference FROM desk_helprequest h
            WHERE h.state = 'answered' AND NOT EXISTS (SELECT 1 FROM desk_answer a WHERE a.request_id = h.id)
        """,
        is_cheap=False,
    ),
)

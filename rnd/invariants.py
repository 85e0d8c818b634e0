"""What must always hold in R&D (DESIGN 14)."""

from kit.invariants import Invariant

INVARIANTS = (
    Invariant(
        name="rnd.answered_has_finding",
        sentence="An answered investigation has a finding, and the desk has its answer.",
        sql="""
            SELECT i.reference FROM rnd_investigation i
            WHERE i.state = 'answered'
              AND (NOT EXISTS (SELECT 1 FROM rnd_finding f WHERE f.investigation_id = i.id)
                   OR NOT EXISTS (SELECT 1 FROM desk_answer a WHERE a.request_id = i.request_id))
        """,
    ),
    Invariant(
        name="rnd.requests_are_taken",
        sentence="A request that the desk sees as taken has its investigation.",
        sql="""
            SELECT h.reference FROM desk_helprequest h
            WHERE h.state IN ('taken', 'answered')
              AND NOT EXISTS (SELECT 1 FROM rnd_investigation i WHERE i.request_id = h.id)
        """,
    ),
)

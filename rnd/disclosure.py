"""What leaves R&D for its own people's mail. Nothing of R&D is ever disclosed to anyone else."""

from datetime import datetime

from kit.projection import projection
from rnd.models import Investigation


@projection
class Asked:
    """A help request reached a group: enough to decide whether to open it now."""

    reference: str
    title: str
    severity: int
    due_at: datetime
    link: str


def asked(investigation: Investigation) -> Asked:
    request = investigation.request
    return Asked(
        reference=investigation.reference,
        title=request.title,
        severity=request.severity,
        due_at=request.due_at,
        link=f"/workshop/investigations/{investigation.reference}/",
    )

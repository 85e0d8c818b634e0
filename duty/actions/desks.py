"""Verbs on desks."""

from accounts.models import Organization
from duty.models import Desk
from kit.verbs import verb


@verb
def found(slug: str, *, owner: Organization, name: str, timezone: str = "UTC", **said: str) -> Desk:
    """A desk of `owner`, made if new. `said` are its other words: `name_zh`, `persona`, `persona_zh`."""
    described = {"owner": owner, "name": name, "timezone": timezone, **said}
    desk, _is_new = Desk.objects.get_or_create(slug=slug, defaults=described)
    return desk

"""Verbs on departments. Archived, a department keeps what it has and takes nothing new."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actions.acts import record
from accounts.actions.members import managed
from accounts.models import Act, Department
from kit.verbs import Actor, Refused, verb


class NameTaken(Refused):
    """Two departments of one organization would be called the same."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(_("There is a department called %(name)s already.") % {"name": name})


@verb
def make(organization: str, *, by: Actor, at: datetime, name: str) -> Department:
    """A new department. Raises DoesNotExist, NotManager, NameTaken."""
    company, _me = managed(organization, by)
    _free(company.pk, name)
    department = Department.objects.create(organization=company, name=name)
    record(company, Act.Kind.DEPARTMENT_MADE, by=by, at=at, whom=name)
    return department


@verb
def rename(organization: str, department: str, *, by: Actor, at: datetime, name: str) -> None:
    """Another name; everything stays where it is. Raises DoesNotExist, NotManager, NameTaken."""
    company, _me = managed(organization, by)
    row = Department.objects.get(organization=company, reference=department)
    if row.name != name:
        _free(company.pk, name)
        record(company, Act.Kind.DEPARTMENT_RENAMED, by=by, at=at, whom=name, was=row.name, became=name)
        Department.objects.filter(pk=row.pk).update(name=name)


@verb
def archive(organization: str, department: str, *, by: Actor, at: datetime) -> None:
    """It takes nothing new. Raises DoesNotExist, NotManager."""
    company, _me = managed(organization, by)
    row = Department.objects.get(organization=company, reference=department)
    if row.archived_at is None:
        Department.objects.filter(pk=row.pk).update(archived_at=at)
        record(company, Act.Kind.DEPARTMENT_ARCHIVED, by=by, at=at, whom=row.name)


@verb
def reopen(organization: str, department: str, *, by: Actor, at: datetime) -> None:
    """It takes new things again. Raises DoesNotExist, NotManager."""
    company, _me = managed(organization, by)
    row = Department.objects.get(organization=company, reference=department)
    if row.archived_at is not None:
        Department.objects.filter(pk=row.pk).update(archived_at=None)
        record(company, Act.Kind.DEPARTMENT_REOPENED, by=by, at=at, whom=row.name)


def _free(company: int, name: str) -> None:
    if Department.objects.filter(organization_id=company, name=name).exists():
        raise NameTaken(name)

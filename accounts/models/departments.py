"""Departments of an organization, and which of its members work in which."""

from typing import Any

from django.db import models
from django.db.models import Q

from kit.references import ReferenceField
from kit.sides import Side


class Department(models.Model):
    """A part of an organization. Tickets and assets may belong to one; archived, it takes nothing new."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="G")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="departments")
    name = models.CharField(max_length=80)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_department_a_name")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A member's place in a department."""

    side = Side.PUBLIC
    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="posts")
    department = models.ForeignKey(Department, models.PROTECT, related_name="posts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "department"], name="one_post_a_department")]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.department_id}"


def in_sight(user_id: Any) -> Q:
    """The condition of rows with an `organization` and a `department` that a member may see.

    What belongs to no department is everybody's; the rest of those who see all, or work in that department. One
    `filter` takes it whole, so that the membership asked is the member's own.
    """
    posts = Post.objects.filter(membership__user_id=user_id).values("department")
    sees = Q(organization__memberships__sees_all=True) | Q(department=None) | Q(department__in=posts)
    return Q(organization__memberships__user_id=user_id) & sees

"""Addresses of what programs fetch without a secret."""

from django.urls import path

from accounts.access import anyone
from faces.machines import plans
from kit.http import behind

urlpatterns = behind(anyone, [path("plans/", plans.list_, name="plans")])

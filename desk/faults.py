"""Which promises that customers have bought cannot be made as things are configured, for those who manage duty."""

from datetime import datetime

from billing.models import Entitlement
from promises import faults
from promises.faults import Fault


def found(at: datetime) -> list[Fault]:
    """All that is wrong with policies and calendars under the entitlements in force."""
    bought = Entitlement.objects.in_force(at).order_by().values_list("policy", "severities").distinct()
    return faults.among(((policy, severity) for policy, severities in bought for severity in severities), at)

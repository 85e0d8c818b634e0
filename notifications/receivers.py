"""What notifications does when accounts announces a fact."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.dispatch import receiver

from accounts import disclosure
from accounts.signals import invited
from kit.projection import to_json
from kit.verbs import Actor
from notifications.actions import notices


@receiver(invited)
def send_the_link(invitation: Any, token: str, by: Actor, at: datetime, **kwargs: Any) -> None:
    letter = disclosure.invitation_letter(invitation, f"{settings.SITE_URL}/accounts/invitations/{token}/", by)
    notices.address(
        invitation.address, "accounts.invited", to_json(letter), language=invitation.language, zone="UTC", at=at
    )

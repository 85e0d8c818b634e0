"""Addresses of sign-in and of one's own account: ours, then allauth's."""

from allauth.account.urls import urlpatterns as account
from allauth.mfa.urls import urlpatterns as factor
from django.urls import include, path

from config.account import invitations, pages

urlpatterns = [
    path("", pages.show, name="account"),
    path("sessions/", pages.list_sessions, name="account-sessions"),
    path("invitations/<slug:token>/", invitations.accept, name="invitation"),
    path("2fa/totp/activate/", pages.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", pages.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", pages.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("", include(account)),
    path("2fa/", include(factor)),
]

"""All addresses of this process: the faces it was given, sign-in, and the engine's health."""

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from accounts.access import account_pages, anyone, signed_in
from config.engine import health
from config.pages import broken, home, set_language
from kit.http import behind

ROOT_FACE = "storefront"
"""No face in the address is the storefront (DESIGN 2)."""

handler500 = broken


def _face(name: str) -> URLResolver:
    prefix = "" if name == ROOT_FACE else f"{name}/"
    return path(prefix, include((import_module(f"faces.{name}.urls").urlpatterns, name)))


urlpatterns: list[URLPattern | URLResolver] = [
    *behind(
        anyone,
        [
            path("healthz", health.answers),
            path("healthz/engine", health.engine),
            path("language/", set_language, name="set-language"),
        ],
    ),
    *behind(signed_in, [path("accounts/home/", home, name="home")]),
    *behind(account_pages, [path("accounts/", include("config.account.urls"))]),
    *(_face(name) for name in settings.FACES),
]
if "demo" in settings.INSTALLED_APPS:
    urlpatterns.append(path("demo/", include((import_module("demo.urls").urlpatterns, "demo"))))
if "sandbox" in settings.INSTALLED_APPS:
    outside = path("sandbox/", include((import_module("sandbox.urls").urlpatterns, "sandbox")))
    urlpatterns += behind(anyone, [outside])

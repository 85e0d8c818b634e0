"""Founding a house in production: its papers, a TOML file, laid as rows by the house's own verbs.

What stands is left as it is, so that the same papers may grow and be laid again. `deploy/house.toml` is an example.
"""

import re
import tomllib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error

from accounts.actions import house, people, teams
from accounts.models import Organization, User
from accounts.models.inside import Team
from assets.actions import products
from assets.models import Product
from billing import money
from billing.actions import banks
from duty.actions import desks, engineers, official, rosters
from duty.models import Desk
from duty.models.inside import Engineer, Roster
from kit.verbs import Refused, verb
from marketplace.actions import listings
from marketplace.actions.listings import Offer, PlanDraft
from marketplace.models import Listing
from promises.actions import policies
from promises.actions.policies import TermOffered
from promises.models import Policy
from tickets.actions import categories
from vendors.actions import vendors
from vendors.models import Vendor

Paper = dict[str, Any]
"""One table of the file. Whoever lays it takes out what it knows; what is left over is a mistake."""
CALL = re.compile(r"^[\w.]+\(\) ")
"""How Python begins when a verb is given too little or too much; whoever writes papers knows no verbs."""
SPAN = re.compile(r"(\d+) ?(min|h)")
SECONDS = {"min": 60, "h": 3600}
CLOCKS = ("first_response", "next_response", "update", "resolution")


class BadPaper(Refused):
    """Papers that cannot be laid; `where` is the part of the file."""

    def __init__(self, where: str, what: str) -> None:
        self.where, self.what = where, what
        super().__init__(f"{where}: {what}")


def lay(path: Path, *, at: datetime) -> dict[str, int]:
    """Lay the papers; how many of each part they name. Raises BadPaper; then nothing of them was laid."""
    try:
        papers = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadPaper(str(path), str(error)) from error
    if "house" not in papers:
        raise BadPaper(str(path), "says nothing of the house itself")
    if unknown := papers.keys() - {"house", *PARTS}:
        raise BadPaper(", ".join(sorted(unknown)), f"no part of a house; there are house, {', '.join(PARTS)}")
    return _lay(papers, at)


@verb
def employ(email: str, *, name: str, kinds: list[str], language: str = "en", timezone: str = "UTC") -> User:
    """A person of the house, with seats in teams; whoever is there already gets the seats that are missing.

    Nobody knows their password, themselves included: they choose one by a link (`config.doors`).
    """
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = people.employ(email, name=name, language=language, timezone=timezone)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for kind in kinds:
        team = Team.objects.filter(name=kind).first() or teams.found(Team.Kind(kind), name=Team.Kind(kind).label)
        teams.seat(team, user)
    return user


@verb
def _lay(papers: Paper, at: datetime) -> dict[str, int]:
    home: Organization = _piece("house", papers["house"], lambda said: house.found(**said))
    vendors.admit(home, commission_bps=0)
    official.publish(valid_from=at)
    for part, lay_one in PARTS.items():
        for number, said in enumerate(papers.get(part, ()), 1):
            _piece(f"{part}, no. {number}", dict(said), partial(lay_one, home=home, at=at))
    return {part: len(papers[part]) for part in PARTS if part in papers}


def _piece(where: str, said: Paper, lay_one: Callable[[Paper], Any]) -> Any:
    """Lay one piece, and say where it stands when something of it is missing, unknown, wrong or refused."""
    try:
        return lay_one(said)
    except KeyError as error:
        raise BadPaper(where, f"{error} is missing") from error
    except (TypeError, ValueError, LookupError, ObjectDoesNotExist, Refused, Error) as error:
        raise BadPaper(where, CALL.sub("", str(error))) from error


def _team(said: Paper, home: Organization, at: datetime) -> None:
    teams.found(Team.Kind(said.pop("kind")), **said)


def _person(said: Paper, home: Organization, at: datetime) -> None:
    employ(said.pop("email"), kinds=said.pop("teams"), **said)


def _product(said: Paper, home: Organization, at: datetime) -> None:
    products.add(said.pop("slug"), **said)


def _category(said: Paper, home: Organization, at: datetime) -> None:
    product = Product.objects.get(slug=said.pop("product"))
    categories.add(said.pop("slug"), product=product, **said)


def _desk(said: Paper, home: Organization, at: datetime) -> None:
    crew, plans = said.pop("engineers", []), said.pop("rosters", [])
    desk = desks.found(said.pop("slug"), owner=home, **said)
    skills = list(Product.objects.order_by("slug").values_list("slug", flat=True))
    for one in crew:
        user = User.objects.get(email__iexact=one["email"])
        known = {"skills": skills, **{name: value for name, value in one.items() if name != "email"}}
        engineers.enlist(desk, user, at=at, **known)
    for plan in plans:
        _roster(dict(plan), desk, at)


def _roster(said: Paper, desk: Desk, at: datetime) -> None:
    name = said.pop("name")
    if Roster.objects.filter(desk=desk, name=name).exists():
        return
    crew = {one.user.email: one.pk for one in Engineer.objects.filter(desk=desk).select_related("user")}
    layers = [
        {
            "priority": 1,
            "people": [crew[email] for email in layer["people"]],
            "window": {"days": layer["days"], "start": _minute(layer["from"]), "end": _minute(layer["to"])},
        }
        for layer in said.pop("layers")
    ]
    fallback = [crew[email] for email in said.pop("fallback", [])]
    rosters.publish(desk, name, layers=layers, fallback=fallback, valid_from=at, **said)


def _policy(said: Paper, home: Organization, at: datetime) -> None:
    code = said.pop("code")
    if not Policy.objects.filter(code=code).exists():
        policies.publish(code, valid_from=at, terms=[_term(term) for term in said.pop("terms")], **said)


def _term(said: Paper) -> TermOffered:
    spans = {clock: _seconds(said[clock]) for clock in CLOCKS if clock in said}
    return TermOffered(**{**said, **spans})  # type: ignore[typeddict-item]


def _bank(said: Paper, home: Organization, at: datetime) -> None:
    banks.name(home, said.pop("currency"), **said)


def _plan(said: Paper, home: Organization, at: datetime) -> None:
    slug, desk = said.pop("slug"), Desk.objects.get(slug=said.pop("desk"))
    prices = {
        currency: Offer(money.to_minor(price["amount"], currency), price.get("tax_bps", 0))
        for currency, price in said.pop("prices").items()
    }
    if not Listing.objects.filter(slug=slug).exists():
        draft = PlanDraft(prices=prices, **said)
        listings.publish(slug, draft, vendor=Vendor.objects.get(organization=home), desk=desk, at=at)


PARTS: dict[str, Callable[..., None]] = {
    "teams": _team, "people": _person, "products": _product, "categories": _category, "desks": _desk,
    "policies": _policy, "banks": _bank, "plans": _plan,
}  # fmt: skip
"""The parts of the papers in the order in which they are laid: later ones name earlier ones."""


def _seconds(span: str) -> int:
    """ "90 min", "2 h" as seconds. Raises ValueError."""
    found = SPAN.fullmatch(span)
    if not found:
        raise ValueError(f"{span!r} is no span such as '30 min' or '2 h'")
    return int(found[1]) * SECONDS[found[2]]


def _minute(clock: str) -> int:
    """ "09:30" as minutes of the day; "24:00" is its end."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)

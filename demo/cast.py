"""The cast: everybody who appears in the demo world and in the tests.

Customers: Nina owns Nordlicht Logistik (Hamburg), Jonas is her colleague, Zhou Min buys for Pujiang Manufacturing
(Shanghai), Ada is of Meridian Retail and foreign to both, Charlie belongs to nobody.
Desk: Lin Hao and Chen Yu in Shanghai, Omar and Sara in Berlin, Grace and Hugo in Toronto.
Behind: Ravi and Mei are R&D, Dora manages duty, Fang is finance, Otto operations, Sun sales.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress

from accounts.actions import organizations, people, teams
from accounts.models import Membership, Organization, User
from accounts.models.inside import Team
from kit.verbs import verb

PASSWORD = "gatehouse-demo"  # noqa: S105  (the embedded default only, on the loopback; printed by `make run`)


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast. `teams` are names of TEAMS for people of the house; `company` and `role` for the others."""

    key: str
    name: str
    language: str
    timezone: str
    what: str
    company: str = ""
    role: str = ""
    teams: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@{'harbour.example' if self.teams else (self.company or 'nobody') + '.example'}"


@dataclass(frozen=True, slots=True)
class Company:
    """One organization of the cast."""

    key: str
    name: str
    name_zh: str
    country: str
    language: str
    timezone: str


HOUSE = Company("harbour", "Harbour Software", "港湾软件", "CN", "zh-hans", "Asia/Shanghai")
COMPANIES = (
    Company("nordlicht", "Nordlicht Logistik", "北极光物流", "DE", "en", "Europe/Berlin"),
    Company("pujiang", "Pujiang Manufacturing", "浦江制造", "CN", "zh-hans", "Asia/Shanghai"),
    Company("meridian", "Meridian Retail", "子午零售", "US", "en", "America/New_York"),
    Company("haichuan", "Haichuan Energy", "海川能源", "CN", "zh-hans", "Asia/Shanghai"),
)

TEAMS: dict[str, tuple[str, str]] = {
    "Desk, tier 1": (Team.Kind.TIER_1, ""),
    "Desk, tier 2": (Team.Kind.TIER_2, ""),
    "R&D KubeSphere": (Team.Kind.RND, "kubesphere"),
    "R&D KubeKey": (Team.Kind.RND, "kubekey"),
    "Duty management": (Team.Kind.DUTY_MANAGER, ""),
    "Finance": (Team.Kind.FINANCE, ""),
    "Operations": (Team.Kind.OPERATIONS, ""),
    "Sales": (Team.Kind.SALES, ""),
}

PEOPLE = (
    Person("nina", "Nina Brandt", "en", "Europe/Berlin", "owns Nordlicht Logistik", "nordlicht", Membership.Role.OWNER),
    Person("jonas", "Jonas Weber", "en", "Europe/Berlin", "asks for Nordlicht", "nordlicht", Membership.Role.MEMBER),
    Person("zhoumin", "周敏", "zh-hans", "Asia/Shanghai", "owns Pujiang", "pujiang", Membership.Role.OWNER),
    Person("ada", "Ada Cole", "en", "America/New_York", "owns Meridian Retail", "meridian", Membership.Role.OWNER),
    Person("lihang", "李航", "zh-hans", "Asia/Shanghai", "owns Haichuan Energy", "haichuan", Membership.Role.OWNER),
    Person("charlie", "Charlie Ng", "en", "UTC", "belongs to nobody"),
    Person("linhao", "林浩", "zh-hans", "Asia/Shanghai", "desk engineer, Shanghai", teams=("Desk, tier 1",)),
    Person("chenyu", "陈雨", "zh-hans", "Asia/Shanghai", "desk engineer, Shanghai", teams=("Desk, tier 2",)),
    Person("omar", "Omar Haddad", "en", "Europe/Berlin", "desk engineer, Berlin", teams=("Desk, tier 1",)),
    Person("sara", "Sara Novak", "en", "Europe/Berlin", "desk engineer, Berlin", teams=("Desk, tier 2",)),
    Person("grace", "Grace Liu", "en", "America/Toronto", "desk engineer, Toronto", teams=("Desk, tier 1",)),
    Person("hugo", "Hugo Martin", "en", "America/Toronto", "desk engineer, Toronto", teams=("Desk, tier 2",)),
    Person("ravi", "Ravi Menon", "en", "Asia/Kolkata", "R&D of KubeSphere", teams=("R&D KubeSphere",)),
    Person("mei", "梅林", "zh-hans", "Asia/Shanghai", "R&D of KubeKey", teams=("R&D KubeKey",)),
    Person("dora", "Dora Klein", "en", "Europe/Berlin", "manages duty", teams=("Duty management",)),
    Person("fang", "方蕾", "zh-hans", "Asia/Shanghai", "finance", teams=("Finance",)),
    Person("otto", "Otto Berg", "en", "Europe/Berlin", "operations", teams=("Operations",)),
    Person("sun", "孙悦", "zh-hans", "Asia/Shanghai", "sales", teams=("Sales",)),
)
BY_KEY = {person.key: person for person in PEOPLE}


def person(key: str) -> User:
    """The user of one of the cast, once `gather` has run."""
    return User.objects.get(email=BY_KEY[key].email)


def company(key: str) -> Organization:
    """The organization of one of the cast."""
    return Organization.objects.get(name=next(c.name for c in (HOUSE, *COMPANIES) if c.key == key))


@verb
def gather() -> None:
    """Make the house, its teams, the companies and the people. Running it again changes nothing."""
    if Organization.objects.filter(is_house=True).exists():
        return
    Organization.objects.create(
        name=HOUSE.name, name_zh=HOUSE.name_zh, country=HOUSE.country, language=HOUSE.language,
        timezone=HOUSE.timezone, is_house=True,
    )  # fmt: skip
    companies = {
        c.key: Organization.objects.create(
            name=c.name, name_zh=c.name_zh, country=c.country, language=c.language, timezone=c.timezone
        )
        for c in COMPANIES
    }
    rooms = {name: teams.found(kind, name=name, topic=topic) for name, (kind, topic) in TEAMS.items()}
    for one in PEOPLE:
        arrive = people.employ if one.teams else people.join
        user = arrive(one.email, name=one.name, language=one.language, timezone=one.timezone, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        for name in one.teams:
            teams.seat(rooms[name], user)
        if one.company:
            organizations.admit(companies[one.company], user, role=one.role)


def introduce() -> list[str]:
    """Who can sign in and as what, a line each, for `make run` and the README."""
    width = max(len(one.email) for one in PEOPLE)
    return [f"{one.email:<{width}}  {one.name}: {one.what}" for one in PEOPLE]

"""The cast: everybody who appears in the demo world and in the tests.

Customers: Nina owns Nordlicht Logistik (Hamburg), Jonas asks beside her and Lena pays the bills; Zhou Min buys for
Pujiang Manufacturing (Shanghai), where Wu Qiang runs the clusters; Li Hang is of Haichuan Energy, Greta and Paul are of
Elbtal Kliniken (Dresden); Ada is of Meridian Retail and foreign to all, Charlie belongs to nobody.
Desk: Lin Hao and Chen Yu in Shanghai, Omar and Sara in Berlin, Grace and Hugo in Toronto; Ines and Tomas at the desk
for Europe.
Behind: Ravi and Mei are R&D, Dora manages duty, Fang is finance, Otto operations, Sun sales.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions import organizations, people, teams
from accounts.models import Membership, Organization, User
from accounts.models.inside import Team
from kit.verbs import verb

PASSWORD = "gatehouse-demo"  # noqa: S105  (the embedded default only, on the loopback; printed by `make run`)


LATIN = {
    "zhoumin": "Zhou Min", "wuqiang": "Wu Qiang", "lihang": "Li Hang", "linhao": "Lin Hao", "chenyu": "Chen Yu",
    "mei": "Mei Lin", "fang": "Fang Lei", "sun": "Sun Yue",
}  # fmt: skip
"""Chinese names in Latin letters."""


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast. `teams` are names of TEAMS for people of the house; `company` and `role` for the others."""

    key: str
    name: str
    language: str
    timezone: str
    what: str | Promise
    company: str = ""
    role: str = ""
    teams: tuple[str, ...] = ()

    @property
    def latin(self) -> str:
        """A Chinese name as others can read it; empty for the others."""
        return LATIN.get(self.key, "")

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
    Company("elbtal", "Elbtal Kliniken", "易北谷医院集团", "DE", "en", "Europe/Berlin"),
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
TEAMS_ZH = {
    "Desk, tier 1": "服务台一线", "Desk, tier 2": "服务台二线", "R&D KubeSphere": "KubeSphere 研发组",
    "R&D KubeKey": "KubeKey 研发组", "Duty management": "值班管理", "Finance": "财务", "Operations": "运维",
    "Sales": "销售",
}  # fmt: skip

PEOPLE = (
    Person(
        "nina", "Nina Brandt", "en", "Europe/Berlin", _("owns Nordlicht Logistik"), "nordlicht", Membership.Role.OWNER
    ),
    Person("jonas", "Jonas Weber", "en", "Europe/Berlin", _("asks for Nordlicht"), "nordlicht", Membership.Role.MEMBER),
    Person("lena", "Lena Vogt", "en", "Europe/Berlin", _("pays for Nordlicht"), "nordlicht", Membership.Role.BILLING),
    Person("zhoumin", "周敏", "zh-hans", "Asia/Shanghai", _("owns Pujiang"), "pujiang", Membership.Role.OWNER),
    Person("wuqiang", "吴强", "zh-hans", "Asia/Shanghai", _("asks for Pujiang"), "pujiang", Membership.Role.MEMBER),
    Person("ada", "Ada Cole", "en", "America/New_York", _("owns Meridian Retail"), "meridian", Membership.Role.OWNER),
    Person("lihang", "李航", "zh-hans", "Asia/Shanghai", _("owns Haichuan Energy"), "haichuan", Membership.Role.OWNER),
    Person("greta", "Greta Sommer", "en", "Europe/Berlin", _("owns Elbtal Kliniken"), "elbtal", Membership.Role.OWNER),
    Person("paul", "Paul Richter", "en", "Europe/Berlin", _("asks for Elbtal"), "elbtal", Membership.Role.MEMBER),
    Person("charlie", "Charlie Ng", "en", "UTC", _("belongs to nobody")),
    Person("linhao", "林浩", "zh-hans", "Asia/Shanghai", _("desk engineer, Shanghai"), teams=("Desk, tier 1",)),
    Person("chenyu", "陈雨", "zh-hans", "Asia/Shanghai", _("desk engineer, Shanghai"), teams=("Desk, tier 2",)),
    Person("omar", "Omar Haddad", "en", "Europe/Berlin", _("desk engineer, Berlin"), teams=("Desk, tier 1",)),
    Person("sara", "Sara Novak", "en", "Europe/Berlin", _("desk engineer, Berlin"), teams=("Desk, tier 2",)),
    Person("grace", "Grace Liu", "en", "America/Toronto", _("desk engineer, Toronto"), teams=("Desk, tier 1",)),
    Person("hugo", "Hugo Martin", "en", "America/Toronto", _("desk engineer, Toronto"), teams=("Desk, tier 2",)),
    Person("ines", "Ines Keller", "en", "Europe/Berlin", _("desk engineer, Europe"), teams=("Desk, tier 1",)),
    Person("tomas", "Tomas Reiter", "en", "Europe/Berlin", _("desk engineer, Europe"), teams=("Desk, tier 2",)),
    Person("ravi", "Ravi Menon", "en", "Asia/Kolkata", _("R&D of KubeSphere"), teams=("R&D KubeSphere",)),
    Person("mei", "梅林", "zh-hans", "Asia/Shanghai", _("R&D of KubeKey"), teams=("R&D KubeKey",)),
    Person("dora", "Dora Klein", "en", "Europe/Berlin", _("manages duty"), teams=("Duty management",)),
    Person("fang", "方蕾", "zh-hans", "Asia/Shanghai", _("finance"), teams=("Finance",)),
    Person("otto", "Otto Berg", "en", "Europe/Berlin", _("operations"), teams=("Operations",)),
    Person("sun", "孙悦", "zh-hans", "Asia/Shanghai", _("sales"), teams=("Sales",)),
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
    rooms = {
        name: teams.found(kind, name=name, topic=topic, name_zh=TEAMS_ZH[name]) for name, (kind, topic) in TEAMS.items()
    }
    for one in PEOPLE:
        arrive = people.employ if one.teams else people.join
        user = arrive(one.email, name=one.name, language=one.language, timezone=one.timezone)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        for name in one.teams:
            teams.seat(rooms[name], user)
        if one.company:
            organizations.admit(companies[one.company], user, role=one.role)
    everybody = User.objects.filter(email__in=[one.email for one in PEOPLE])
    everybody.update(password=make_password(PASSWORD))  # one slow hash for all: the password is printed anyway


def introduce() -> list[str]:
    """Who can sign in and as what, a line each, for `make run` and the README."""
    width = max(len(one.email) for one in PEOPLE)
    return [f"{one.email:<{width}}  {f'{one.name} {one.latin}'.rstrip()}: {one.what}" for one in PEOPLE]

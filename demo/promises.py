"""The promises of the demo world: three calendars, four policies, what tickets can be about, and who runs what."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from assets.models import Asset, Product
from demo import cast
from duty.actions import calendars
from duty.actions.calendars import Day
from duty.models import Calendar
from kit.verbs import verb
from promises.actions import policies
from promises.actions.policies import TermOffered
from promises.models import Policy
from tickets.models import Category

SINCE = datetime(2025, 1, 1, tzinfo=UTC)
CHINA = Path(__file__).parent / "data" / "cn_calendar_2025_2026.json"
HOUR, MINUTE = 3600, 60
DAY = 9 * HOUR
"""A working day of the 5x9 calendars."""
OFFICE = [["09:00", "18:00"]]
WEEK = dict.fromkeys(range(5), OFFICE)
ALWAYS = {day: [["00:00", "24:00"]] for day in range(7)}

FEASTS = (
    ((1, 1), (1, 5), "New Year", "元旦"), ((1, 20), (2, 28), "Spring Festival", "春节"),
    ((4, 3), (4, 7), "Qingming", "清明节"), ((4, 26), (5, 10), "Labour Day", "劳动节"),
    ((5, 30), (6, 30), "Dragon Boat Festival", "端午节"), ((9, 15), (9, 27), "Mid-Autumn Festival", "中秋节"),
    ((9, 28), (10, 12), "National Day", "国庆节"),
)  # fmt: skip
"""From, to, names: which feast a free day, or a working weekend that pays for it, belongs to in these two years."""
GERMANY = {
    2025: ((1, 1), (4, 18), (4, 21), (5, 1), (5, 29), (6, 9), (10, 3), (12, 25), (12, 26)),
    2026: ((1, 1), (4, 3), (4, 6), (5, 1), (5, 14), (5, 25), (10, 3), (12, 25), (12, 26)),
    2027: ((1, 1), (3, 26), (3, 29), (5, 1), (5, 6), (5, 17), (10, 3), (12, 25), (12, 26)),
}
"""Public holidays of all German states."""

STANDARD = {1: (2 * HOUR, 4 * HOUR), 2: (4 * HOUR, DAY), 3: (DAY, None), 4: (2 * DAY, None)}
PREMIUM = {1: (HOUR, 2 * HOUR), 2: (2 * HOUR, 4 * HOUR), 3: (4 * HOUR, None), 4: (DAY, None)}
EUROPE = {1: (2 * HOUR, 4 * HOUR), 2: (4 * HOUR, DAY), 3: (DAY, None), 4: (2 * DAY, None)}
ONSITE = {1: (30 * MINUTE, HOUR), 2: (HOUR, 2 * HOUR), 3: (4 * HOUR, DAY), 4: (24 * HOUR, None)}
"""By severity: first and next answer, and the rhythm of news. No time to a solution is promised by any of them."""
POLICIES = (
    ("standard", "Standard", "标准版", STANDARD, dict.fromkeys(range(1, 5), "cn-5x9")),
    ("premium", "Premium", "高级版", PREMIUM, {1: "round-the-clock", 2: "round-the-clock", 3: "cn-5x9", 4: "cn-5x9"}),
    ("premium-onsite", "Premium + on-site", "高级版+现场", ONSITE, dict.fromkeys(range(1, 5), "round-the-clock")),
    ("standard-europe", "Standard Europe", "标准版（欧洲）", EUROPE, dict.fromkeys(range(1, 5), "de-5x9")),
)
ACKNOWLEDGE = {1: 5, 2: 10, 3: 30, 4: 60}

PRODUCTS = {"kubesphere": "KubeSphere", "kubekey": "KubeKey"}
CATEGORIES = (
    ("install", "kubekey", "Installation, nodes and upgrade", "安装、节点与升级"),
    ("access", "kubesphere", "Console, sign-in and permissions", "控制台、登录与权限"),
    ("workloads", "kubesphere", "Workloads and projects", "工作负载与项目"),
    ("storage", "kubesphere", "Storage and backup", "存储与备份"),
    ("network", "kubesphere", "Network, gateways and load balancing", "网络、网关与负载均衡"),
    ("observability", "kubesphere", "Monitoring, logs and notifications", "监控、日志与通知"),
    ("devops", "kubesphere", "Pipelines and image builds", "流水线与镜像构建"),
    ("apps", "kubesphere", "App store and extensions", "应用商店与扩展组件"),
    ("question", "kubesphere", "A question or a wish", "咨询与建议"),
)
COMPONENTS = {
    "install": "installer kubekey node-lifecycle upgrade os-arch airgap-registry etcd certificates",
    "access": "iam console webterminal security", "workloads": "namespace-lifecycle quota multicluster",
    "storage": "storage backup", "network": "gateway network openelb servicemesh",
    "observability": "monitoring logging notification", "devops": "devops s2i", "apps": "appstore extension",
}  # fmt: skip
"""Which components of the collected issues belong to which category."""
TEMPLATE = """**What did you do, and what happened?**


**Since when, and what changed before?**


**Output of** `kubectl get pods -A | grep -v Running`

```

```
"""
TEMPLATE_ZH = """**做了什么操作，看到了什么现象？**


**从什么时候开始？之前有过什么变更？**


**命令输出** `kubectl get pods -A | grep -v Running`

```

```
"""
ASSETS = (
    ("pujiang", "prod-sh-01", "KubeSphere 3.4.1", "1.26.5", 15, "上海金桥"),
    ("pujiang", "test-sh-02", "KubeSphere 4.1.2", "1.28.9", 3, "上海金桥"),
    ("nordlicht", "prod-hh-01", "KubeSphere 4.1.2", "1.28.9", 9, "Hamburg"),
    ("nordlicht", "edge-br-03", "KubeSphere 3.4.1", "1.26.5", 4, "Bremen"),
    ("haichuan", "core-qd-01", "KubeSphere 3.3.2", "1.24.14", 24, "青岛"),
    ("elbtal", "klinik-dd-01", "KubeSphere 3.4.1", "1.26.5", 7, "Dresden"),
    ("elbtal", "lab-dd-02", "KubeSphere 4.1.2", "1.28.9", 4, "Dresden"),
    ("meridian", "stores-east", "KubeSphere 4.1.2", "1.29.4", 6, "Newark"),
)


@verb
def lay() -> None:
    """Make calendars, policies, products, categories and clusters. Running it again changes nothing."""
    if not Calendar.objects.exists():
        _calendars()
    if not Policy.objects.exists():
        _policies()
    if not Product.objects.exists():
        _products()
    if not Asset.objects.exists():
        _assets()


def category_of(component: str) -> str:
    """The category of a component of the collected issues."""
    return next((slug for slug, names in COMPONENTS.items() if component in names.split()), "question")


def china() -> Iterator[Day]:
    """The free days and the working weekends of 2025 and 2026, as the State Council published them."""
    for year in json.loads(CHINA.read_text(encoding="utf-8"))["years"].values():
        for kind, field, windows in (("holiday", "off_days", []), ("override", "working_weekend_days", OFFICE)):
            for day in year[field]:
                on = date.fromisoformat(day)
                name, name_zh = _feast(on)
                yield Day(on=on, kind=kind, windows=windows, name=name, name_zh=name_zh)


def _feast(on: date) -> tuple[str, str]:
    return next((name, name_zh) for start, end, name, name_zh in FEASTS if start <= (on.month, on.day) <= end)


def _calendars() -> None:
    calendars.publish(
        "cn-5x9", name="working hours, 5×9 of China", name_zh="5×9 工作时间", timezone="Asia/Shanghai", weekly=WEEK,
        days=china(), known_until=date(2026, 12, 31), valid_from=SINCE,
    )  # fmt: skip
    free = [Day(on=date(year, *day), kind="holiday") for year, days in GERMANY.items() for day in days]
    calendars.publish(
        "de-5x9", name="working hours, 5×9 of Germany", name_zh="德国 5×9 工作时间", timezone="Europe/Berlin",
        weekly=WEEK, days=free, known_until=date(2027, 12, 31), valid_from=SINCE,
    )  # fmt: skip
    calendars.publish(
        "round-the-clock", name="day and night", name_zh="7×24", timezone="UTC", weekly=ALWAYS, valid_from=SINCE
    )


def _policies() -> None:
    for number, (code, name, name_zh, targets, hours) in enumerate(POLICIES, 2):
        terms = [_term(f"{number}.{severity}", severity, targets[severity], hours[severity]) for severity in targets]
        policies.publish(code, name=name, name_zh=name_zh, valid_from=SINCE, terms=terms)


def _term(clause: str, severity: int, targets: tuple[int, int | None], calendar: str) -> TermOffered:
    answer, rhythm = targets
    return TermOffered(
        severity=severity, calendar=calendar, first_response=answer, next_response=answer, update=rhythm,
        acknowledge_minutes=ACKNOWLEDGE[severity], clause=clause,
    )  # fmt: skip


def _products() -> None:
    products = {slug: Product.objects.create(slug=slug, name=name) for slug, name in PRODUCTS.items()}
    for position, (slug, product, name, name_zh) in enumerate(CATEGORIES):
        asks: dict[str, Any] = {} if slug == "question" else {"template": TEMPLATE, "template_zh": TEMPLATE_ZH}
        Category.objects.create(
            slug=slug, product=products[product], name=name, name_zh=name_zh, position=position, **asks
        )


def _assets() -> None:
    for company, name, runs, kubernetes, nodes, location in ASSETS:
        product, version = runs.split()
        Asset.objects.create(
            organization=cast.company(company), name=name, product=Product.objects.get(name=product),
            version=version, kubernetes=kubernetes, nodes=nodes, location=location,
        )  # fmt: skip

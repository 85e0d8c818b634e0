"""The promises of the demo world: three calendars, four policies, what tickets can be about, and who runs what."""

from datetime import UTC, datetime
from typing import Any

from assets.models import Asset, Product
from demo import cast
from duty.actions import official
from kit.verbs import verb
from promises.actions import policies
from promises.actions.policies import TermOffered
from promises.models import Policy
from tickets.models import Category

SINCE = datetime(2025, 1, 1, tzinfo=UTC)
HOUR, MINUTE = 3600, 60
DAY = 9 * HOUR
"""A working day of the 5x9 calendars."""

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
    official.publish(valid_from=SINCE)
    if not Policy.objects.exists():
        _policies()
    if not Product.objects.exists():
        _products()
    if not Asset.objects.exists():
        _assets()


def category_of(component: str) -> str:
    """The category of a component of the collected issues."""
    return next((slug for slug, names in COMPONENTS.items() if component in names.split()), "question")


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

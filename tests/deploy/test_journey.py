"""The house of docker-compose.yml, run as it says, from an empty database to a rated ticket, and through two outages.

One long test, since building and opening the house is what costs: the parts are told by the functions below.
"""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.deploy.house import House, opened, standing
from tests.deploy.visitor import SITE, Visitor, words
from tests.infra.clusters import Unavailable
from tests.infra.processes import until

PASSWORD = "a short sentence is easy to keep"
SUBJECT = "Two nodes turn NotReady every night"
FINDING = "The lease controller loses its watch when the clock jumps by more than a second."
INSIDE = ("Fred First", "Sue Second", "Ruth Research", "Fei Finance", "example.com")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    try:
        with standing(tmp_path) as here:
            yield here
    except Unavailable as missing:
        pytest.skip(str(missing))


def test_the_house_of_the_compose_file_carries_the_main_job_and_outlives_its_servers(house: House):
    opened(house)
    links = the_house_is_founded(house)
    made_before = files_of(house)
    ada = a_customer_signs_up(house)
    finance, first, second, rnd = (
        a_person_of_the_house_comes(house, f"{who}@example.com", links[f"{who}@example.com"])
        for who in ("finance", "first", "second", "rnd")
    )
    invoice = she_orders(ada)
    finance_books_it(finance, ada, invoice)
    reference = she_files(ada)
    engineer = until(lambda: next((one for one in (first, second) if is_offered(one, reference)), None), 30)
    they_acknowledge_and_answer(engineer, reference)
    rnd_helps_unseen(ada, engineer, rnd, reference)
    they_solve_and_she_rates(ada, engineer, reference)
    her_mails_name_nobody(house)
    pages_are_well_wrapped(ada, house)
    a_public_zone_has_its_own_role(house, ada, first)
    until(lambda: ada.asks("/healthz/engine") == 200, 30)
    without_redis_everything_goes_on(house, ada)
    without_rows_the_house_says_so_and_comes_back(house, ada)
    assert files_of(house) == made_before, "a process wrote beside its volume and /tmp"
    the_log_is_lines_of_json_without_secrets(house, links.values())
    for service in ("web", "worker", "ticker"):
        house.stop(service)


def the_house_is_founded(house: House) -> dict[str, str]:
    """The sample papers, laid twice; the links that were printed, by address."""
    papers = str(house.image / "deploy" / "house.toml")
    printed = house.manage("web", "found", papers)
    links = dict(re.findall(r"^(\S+@\S+)  (\S+)$", printed, re.M))
    assert len(links) == 6 and all(link.startswith(SITE) for link in links.values())
    return links


def a_customer_signs_up(house: House) -> Visitor:
    ada = house.visitor().goes("/accounts/signup/")
    ada.sends("/signup/", name="Ada Cole", email="ada@meridian.test", password1=PASSWORD)
    mail = until(lambda: house.mails_to("ada@meridian.test"), 30)[0]
    link = re.search(rf"{SITE}/accounts/confirm-email/\S+", str(mail.get_content()))
    assert link, mail
    ada.goes(link.group()).sends("/accounts/confirm-email/")
    ada.goes("/accounts/login/")
    if "/login/" in ada.address:
        ada.sends("/login/", login="ada@meridian.test", password=PASSWORD)
    return ada


def a_person_of_the_house_comes(house: House, email: str, link: str) -> Visitor:
    """By the printed link to a password, by the form to the second factor, and through it to work."""
    one = house.visitor().goes(link).sends("/", password1=PASSWORD, password2=PASSWORD)
    one.goes("/accounts/login/").sends("/login/", login=email, password=PASSWORD)
    one.goes("/accounts/2fa/totp/activate/")
    secret = re.search(r"\b[A-Z2-7]{32}\b", one.page)
    assert secret, words(one.page)
    one.sends("/activate/", code=code(secret.group()))
    assert "password1" not in house.visitor().goes(link).page, "the link is good once"
    return one


def she_orders(ada: Visitor) -> str:
    ada.goes("/portal/orders/new/?plan=standard&currency=USD")
    assert "/organizations/new/" in ada.address
    ada.sends("", name="Meridian Retail", country="US")
    assert "/orders/new/" in ada.address, ada.address
    ada.sends("", currency="USD")
    invoice = ada.address
    ada.sends("/transfers/", payer="Meridian Retail")
    assert ada.goes(f"{invoice}document/").page.startswith("%PDF-")
    return invoice


def finance_books_it(finance: Visitor, ada: Visitor, invoice: str) -> None:
    reference = invoice.rstrip("/").split("/")[-1]
    finance.goes(f"/office/receivables/{reference}/").sends("", statement_line="line 4711")
    assert "Standard" in words(ada.goes("/portal/").page)


def she_files(ada: Visitor) -> str:
    ada.goes("/portal/tickets/new/")
    said = {"category": "running", "subject": SUBJECT, "body": "Since the upgrade.", "do": "send"}
    ada.sends("/tickets/new/", attached="kubelet: lease lost at 02:00\n", severity="2", **said)
    found = re.search(r"T-\w{6}", ada.address)
    assert found, f"{ada.address}\n{words(ada.page)}"
    log = re.search(rf"/portal/tickets/{found.group()}/files/[\w-]+/", ada.page)
    assert log and "lease lost" in house_file(ada, log.group())
    return found.group()


def house_file(who: Visitor, address: str) -> str:
    """A file as it is given out: to be saved, never shown in place."""
    here, page = who.address, who.page
    assert "attachment" in who.goes(address).header("Content-Disposition")
    found, who.address, who.page = who.page, here, page
    return found


def is_offered(engineer: Visitor, reference: str) -> bool:
    return f"{reference}/acknowledgement/" in engineer.goes("/desk/shift/").page


def they_acknowledge_and_answer(engineer: Visitor, reference: str) -> None:
    engineer.sends(f"{reference}/acknowledgement/")
    they_speak(engineer, reference, "reply", "We look into it now.")


def they_speak(engineer: Visitor, reference: str, intent: str, said: str) -> None:
    engineer.goes(f"/desk/tickets/{reference}/").sends("/preview/", intent=intent, body=said)
    engineer.sends("/replies/")


def rnd_helps_unseen(ada: Visitor, engineer: Visitor, rnd: Visitor, reference: str) -> None:
    hers = f"/portal/tickets/{reference}/"
    before = words(ada.goes(hers).page)
    assert "We look into it now." in before
    engineer.goes(f"/desk/tickets/{reference}/")
    engineer.sends("/help/", title="NotReady at night", symptom="Nodes drop.", tried="A restart.", question="Why?")
    found = until(lambda: re.search(r"/workshop/investigations/[\w-]+/", rnd.goes("/workshop/").page), 30)
    rnd.goes(found.group()).sends("/finding/", body=FINDING, fixed_in="v4.1.3")
    assert FINDING in engineer.goes(f"/desk/tickets/{reference}/").page
    assert passing(words(ada.goes(hers).page)) == passing(before)


def they_solve_and_she_rates(ada: Visitor, engineer: Visitor, reference: str) -> None:
    they_speak(engineer, reference, "solve", "A watch is lost when the clock jumps; upgrade and it stays.")
    ada.goes(f"/portal/tickets/{reference}/").sends("/rating/", score="5")
    assert "5 / 5" in words(ada.goes(f"/portal/tickets/{reference}/").page)


def her_mails_name_nobody(house: House) -> None:
    told = until(lambda: [m for m in house.mails_to("ada@meridian.test") if "upgrade and it" in m.as_string()], 30)
    everything = "".join(mail.as_string() for mail in house.mails_to("ada@meridian.test"))
    assert told[0]["From"] == "Support <support@support.example.com>"
    assert not [name for name in INSIDE if name in everything.replace("support.example.com", "")]


def pages_are_well_wrapped(ada: Visitor, house: House) -> None:
    """The headers of a signed-in page, of a static file and of a stranger's cookies."""
    ada.goes("/portal/")
    policy = ada.header("Content-Security-Policy")
    assert "default-src 'none'" in policy and "unsafe" not in policy and "nonce" not in policy
    assert set(ada.header("Cache-Control").split(", ")) == {"private", "no-store"}
    for name, value in (
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains; preload"),
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Server", "Gatehouse"),
    ):  # fmt: skip
        assert ada.header(name) == value
    assert "camera=()" in ada.header("Permissions-Policy") and not ada.header("X-Powered-By")
    assert {"__Host-session", "__Host-csrf"} <= ada.cookies.keys()
    style = re.search(r'href="(/static/look/base\.[0-9a-f]{12}\.css)"', ada.page)
    assert style, "static files carry their digest in their name"
    assert "immutable" in ada.goes(style.group(1)).header("Cache-Control")
    stranger = house.visitor()
    stranger.goes("/accounts/login/")
    set_ = [value for name, value in stranger.headers if name == "Set-Cookie"]
    assert set_ and all(part in cookie for cookie in set_ for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


def a_public_zone_has_its_own_role(house: House, ada: Visitor, engineer: Visitor) -> None:
    """A second web with outside faces only: its role of the database may not even read what lies behind the wall."""
    house.rows.run("CREATE ROLE outside LOGIN;" + house.manage("web", "grants", "outside"))
    zone = house.begin_zone("outside")
    zone.cookies = ada.cookies
    zone.goes("/portal/tickets/new/")
    zone.sends("/tickets/new/", severity="4", category="question", subject="From outside", body="How?", do="send")
    assert "From outside" in zone.goes("/portal/tickets/").page and zone.asks("/desk/") == 404
    zone.cookies = engineer.cookies
    assert (zone.asks("/accounts/home/"), zone.asks("/portal/")) == (200, 404), "people of the house find nothing here"
    denied = house.rows.run("SET ROLE outside; SELECT has_table_privilege('desk_note', 'SELECT')")
    assert denied == [(False,)]
    house.stop_zone()


def without_redis_everything_goes_on(house: House, ada: Visitor) -> None:
    """No bell and no cache: pages, sign-in and tickets go on; the sweeps do the work."""
    house.lose_the_bell()
    stranger = house.visitor().goes("/accounts/login/")
    stranger.sends("/login/", login="ada@meridian.test", password="a wrong one")
    assert "/login/" in stranger.address
    ada.goes("/portal/tickets/new/")
    ada.sends(
        "/tickets/new/", severity="3", category="running", subject="Without a bell", body="Still here?", do="send"
    )
    reference = re.search(r"T-\w{6}", ada.address).group()  # type: ignore[union-attr]
    until(lambda: is_taken_in(house, reference), 30)
    house.ring_again()


def is_taken_in(house: House, reference: str) -> bool:
    work = "SELECT 1 FROM desk_work w JOIN tickets_ticket t ON t.id = w.ticket_id WHERE t.reference = "
    return bool(house.rows.run(f"{work} '{reference}'"))


def without_rows_the_house_says_so_and_comes_back(house: House, ada: Visitor) -> None:
    house.rows.stop()
    assert ada.asks("/portal/") == 503 and ada.header("Retry-After") == "10"
    assert "We are away for a moment" in ada.page and "frames." in ada.page and "Traceback" not in ada.page
    assert ada.asks("/healthz") == 200, "it answers: nobody should restart it for this"
    house.rows.start()
    until(lambda: ada.asks("/portal/") == 200, 30)
    until(lambda: ada.asks("/healthz/engine") == 200, 60)
    assert all(house.is_well(service) for service in ("web", "worker", "ticker"))


def the_log_is_lines_of_json_without_secrets(house: House, links: object) -> None:
    lines = [json.loads(line) for line in house.log.read_text().splitlines() if line.startswith("{")]
    visits = [line for line in lines if line["logger"] == "access"]
    assert visits and {"at", "level", "method", "path", "status", "ms", "visitor"} <= visits[0].keys()
    assert {line["visitor"] for line in visits} == {"203.0.113.7"}
    text = house.log.read_text()
    assert not [link for link in links if link.rstrip("/").split("-")[-1] in text]  # type: ignore[attr-defined]
    assert PASSWORD not in text and house.variables["SECRET_KEY"] not in text


def files_of(house: House) -> dict[str, int]:
    """What stands in the image, by when it was last written: the file system of a container is read-only."""
    return {str(path): path.stat().st_mtime_ns for path in house.image.rglob("*") if "__pycache__" not in path.parts}


def passing(text: str) -> str:
    """Without what changes by itself as time passes."""
    return re.sub(r"\d+ (?:h|min|days?|s)\b|\d{1,2}:\d\d", "time", text)


def code(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

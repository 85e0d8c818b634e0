"""The tour of bad input: whatever is sent to any address, nobody meets a broken page and nobody loses words.

The forms are found by walking through the house as its people do, so a new one is on the tour by itself. One that the
walk does not reach makes `test_the_walk_reaches_every_form` fail: put what shows it into the world, or say why not.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import resolve

from config.checks import routes
from tests.faces.bad_input import world
from tests.faces.bad_input.pages import TEXT, Form, Page
from tests.faces.bad_input.world import Person, Walk
from tests.house import ROOT, modules
from tests.proof import PROOF

pytestmark = pytest.mark.django_db
NOT_WALKED = {
    "accounts/2fa/": "a second factor is set up and asked by tests/accounts",
    "accounts/reauthenticate/": "asked before a second factor is set up: tests/accounts",
    "accounts/password/set/": "for people without a password, whom the house does not have",
    "accounts/login/code/confirm/": "sign-in by mailed code is switched off",
    "accounts/sessions/": "lists the other sessions, where there are some: tests/accounts",
    "accounts/invitations/": "a link that was mailed: tried with wrong keys below",
    "accounts/^": "links that were mailed: tried with wrong keys below",
    "office/people/<int:person>/factor/": "only of somebody who has one: tests/accounts",
    "sandbox/": "the card company's pages, in the embedded default only",
    "machines/payments/": "signed by the card company: tests/billing",
    "portal/invoices/<slug:reference>/cards/<slug:card>/": "begins with a payment by card: tests/billing",
}
"""Addresses that take forms and are not reached on foot, and why."""
WORDS = "Words that somebody has typed, <b>bold</b> & \u201cquoted\u201d \u6587\u5b57"
HOSTILE = (
    "nul\x00 bell\x07 bidi\u202egnp.exe zero\u200bwidth line\u2028sep \x85 x" + "\u0301" * 40 + " \U000e0041 \ud83d"
)
NUMBERS = ("-1", "0", "\u0663", "\uff11\uff12", "\u00b2", "NaN", "1e400", "1" + "0" * 30, "9" * 400, "1_000", "")


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Walk]:
    patch = pytest.MonkeyPatch()
    patch.setattr("django.conf.settings.ACCOUNT_RATE_LIMITS", False, raising=False)
    patch.setattr("django.conf.settings.FILES_DIR", tmp_path_factory.mktemp("files"), raising=False)
    with django_db_blocker.unblock(), world.standing():
        yield Walk()
    patch.undo()


@pytest.mark.once
def test_the_walk_reaches_every_form(walk: Walk):
    forms = {target for target, _names in walk.forms}
    missed = [
        address
        for address, pattern in routes()
        if address not in forms and not address.startswith(tuple(NOT_WALKED)) and "POST" in walk.methods(address)
    ]
    assert not missed, "\n".join(missed)


def fits(response: HttpResponse, what: str) -> HttpResponse:
    """A clear answer: no error of ours, no way to a strange host, and a page in our look where there is a page."""
    assert response.status_code < 500, what
    target = urlsplit(response.get("Location", ""))
    assert target.netloc in ("", "testserver"), f"{what} leads to {response['Location']}"
    if response.status_code >= 400 and response.get("Content-Type", "").startswith("text/html"):
        assert b"<h1" in response.body and b"Gatehouse" in response.body, f"{what}: {response.status_code} has no page"
    return response


def every(walk: Walk) -> Iterator[tuple[str, Form, Person, dict[str, Any]]]:
    """Each form with its sender and what would be sent, all of it in order."""
    for (target, _names), form in walk.forms.items():
        yield f"/{target} as {form.who}", form, walk.people[form.who], form.filled(WORDS)


# --- What is typed and attached stays ---------------------------------------------------------------------------------


@pytest.mark.once
def test_too_many_words_are_told_beside_their_field_and_nothing_typed_is_lost(walk: Walk):
    problems = []
    for what, form, person, data in every(walk):
        for name in [one for one in form.names(*TEXT) if not _is_secret(one) and not form.is_part]:
            long = "x" * 25_000
            typed = {**data, name: long}
            response = fits(person.ask("post", form.action, typed), what)
            page = Page(form.action, response.body.decode())
            lost = [
                other for other, value in typed.items()
                if other in form.names(*TEXT) and not _is_secret(other) and not page.shows(str(value))
            ]  # fmt: skip
            if response.status_code not in (200, 422):
                problems.append(f"{what}: {name} too long is answered by {response.status_code}")
            elif lost:
                problems.append(f"{what}: {name} too long loses {lost}")
            elif not page.said_beside(name):
                problems.append(f"{what}: nothing is said beside {name}")
    assert not problems, "\n".join(problems)


def _is_secret(name: str) -> bool:
    return "password" in name


@pytest.mark.once
def test_a_file_stays_attached_while_another_field_is_mended(walk: Walk):
    with_files = [one for one in every(walk) if one[1].is_multipart and not one[1].is_part]
    assert with_files
    for what, form, person, data in with_files:
        field = form.names("file")[0]
        log = SimpleUploadedFile("pods.log", b"OOMKilled")
        wrong = {**data, "body": "x" * 25_000, field: log}
        page = Page(form.action, fits(person.ask("post", form.action, wrong), what).body.decode())
        again = page.form_with(f"{field}_kept")
        assert again, f"{what}: the file is lost"
        sent = {**again.filled(WORDS), "body": "Shorter now."}
        done = fits(person.ask("post", again.action, sent), what)
        assert done.status_code == 302 or b"pods.log" in done.body, what


# --- Nothing that is sent breaks a page -------------------------------------------------------------------------------


def test_hidden_characters_break_no_form(walk: Walk):
    for what, form, person, data in every(walk):
        fits(person.ask("post", form.action, dict.fromkeys(data, HOSTILE.encode("utf-8", "surrogatepass"))), what)
        texts = {name: HOSTILE.encode("utf-8", "surrogatepass") for name in form.names(*TEXT)}
        fits(person.ask("post", form.action, {**data, **texts}), what)


def test_strange_numbers_and_references_break_no_form(walk: Walk):
    for what, form, person, data in every(walk):
        names = form.names("hidden", "select", "radio", "number", "date")
        for number in NUMBERS if PROOF > 1 else NUMBERS[-4:-2]:
            fits(person.ask("post", form.action, {**data, **dict.fromkeys(names, number)}), what)


def test_an_empty_form_and_one_that_says_everything_twice_break_nothing(walk: Walk):
    for what, form, person, data in every(walk):
        fits(person.ask("post", form.action, {}), what)
        fits(person.ask("post", form.action, {name: [value, WORDS] for name, value in data.items()}), what)


@pytest.mark.once
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"body": "\\ud800 \\u0000", "a": ' + b"[" * 5000),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="files"; filename="a'),
        ("multipart/form-data", b"no boundary at all"),
        ("application/x-www-form-urlencoded; charset=klingon", b"body=%ED%A0%80%00&%00=%"),
        ("text/xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    ],
    ids=["json", "cut", "no-boundary", "charset", "xml"],
)
def test_a_body_of_another_kind_breaks_nothing(walk: Walk, content_type: str, body: bytes):
    for what, form, person, _data in every(walk):
        fits(person.ask("POST", form.action, data=body, content_type=content_type), what)


@pytest.mark.once
@pytest.mark.parametrize("body", [b"x=1&" * 10_000, b"body=" + b"x" * 13_000_000], ids=["fields", "bytes"])
def test_a_body_too_large_is_refused_on_a_page(walk: Walk, body: bytes):
    form = next(form for (target, _), form in walk.forms.items() if target == "portal/tickets/new/")
    kind = "application/x-www-form-urlencoded"
    response = fits(walk.people["nina"].ask("POST", form.action, data=body, content_type=kind), "the form of a ticket")
    assert response.status_code in (400, 413)


@pytest.mark.once
def test_a_form_without_its_token_is_refused_on_a_page(walk: Walk):
    strict = {key: Person(key, checks_tokens=True) for key in {form.who for form in walk.forms.values()}}
    for what, form, _person, data in every(walk):
        for token in ("", "foreign" * 9) if PROOF > 1 else ("foreign" * 9,):
            response = strict[form.who].ask("post", form.action, {**data, "csrfmiddlewaretoken": token})
            assert fits(response, what).status_code == 403, what


FILES = {
    "nothing.log": b"", "..\\..\\boot\x00.ini": b"x", "../../../etc/passwd": b"x", "": b"x", "a" * 400: b"x",
    "page.html": b"<html><script>alert(1)</script>", "icon.svg": b"<svg onload='alert(1)'/>",
    "photo.png.exe": b"MZ\x90\x00", "photo.png": b"<?php echo 1;", "bomb.zip": b"PK\x03\x04" + b"\x00" * 64,
    "log\u202egnp.txt": b"x", "\ufffd.txt": b"\xed\xa0\x80", "CON": b"x",
}  # fmt: skip
"""Wrong kinds, empty ones, and names that want to be more than a name."""


@pytest.mark.once
def test_strange_files_are_taken_as_files_or_refused_by_name(walk: Walk):
    for what, form, person, data in every(walk):
        for field in [] if form.is_part else form.names("file"):
            for name, content in FILES.items():
                upload = SimpleUploadedFile("x", content)
                upload._name = name  # as it is sent, not as Django would mend it before
                fits(person.ask("post", form.action, {**data, field: upload}), f"{what}: {name!r}")
            many = [SimpleUploadedFile(f"{number}.log", b"x") for number in range(12)]
            response = fits(person.ask("post", form.action, {**data, field: many}), what)
            page = Page(form.action, response.body.decode())
            assert response.status_code == 422 and page.form_with(f"{field}_kept"), what


# --- Addresses --------------------------------------------------------------------------------------------------------


def asked_names() -> list[str]:
    """Every name for which some page looks into its address."""
    said = re.compile(r"""(?:GET|sent|data|query)\.(?:get|getlist)\(\s*["'](\w+)["']|["'](\w+)["'] in request""")
    found = {
        one or other
        for path in modules()
        if path.startswith(("faces/", "config/", "accounts/", "demo/"))
        for one, other in said.findall((ROOT / path).read_text())
    }
    return sorted(found | {"q", "view", "after", "before", "topic", "page", "v"})


@pytest.mark.parametrize(
    "value",
    ["%00%07%E2%80%AE", "1" + "0" * 30, "%5Cevil.example"]
    + ["%ED%A0%80", "-1", "https://evil.example/", "//evil.example"] * (PROOF > 1),
)
def test_no_query_breaks_a_page_or_leads_away(walk: Walk, value: str):
    query = "&".join(f"{name}={value}" for name in asked_names())
    for key, url in walk.urls.values():
        address = url.split("?")[0]
        fits(walk.people[key].ask("get", f"{address}?{query}"), f"{address} as {key}")
    if "evil" in value:
        for what, form, person, data in every(walk):
            fits(person.ask("post", form.action, {**data, "next": value.replace("%5C", "/\\")}), what)


WRONG = (
    "T-000000",
    "t-4k7q9d",
    "T-\u0664K7Q9D",
    "T-4K7Q9D%00",
    "T-4K7Q9D%0A",
    "%ED%A0%80",
    "..%2f..",
    "1" * 300,
    "V-4K7Q9D",
)


def addresses(pattern: str, value: str) -> str:
    filled = re.sub(r"\(\?P<\w+>(?:[^()]|\([^)]*\))*\)|<(?:\w+:)?\w+>", value, pattern)
    return "/" + filled.replace("^", "").replace("$", "")


def test_an_address_that_names_nothing_is_missing(walk: Walk):
    for address, _pattern in routes():
        if "<" in address:
            person = walk.people[walk.who(address)]
            for value in WRONG if PROOF > 1 or address.startswith("office") else WRONG[:5]:
                url = addresses(address, value)
                response = fits(person.ask("get", url), url)
                is_mail_link = address.startswith("accounts/^")
                assert response.status_code in ((200, 302, 404) if is_mail_link else (302, 404, 405, 410)), url


@pytest.mark.once
def test_what_is_foreign_is_missing_byte_for_byte(walk: Walk):
    """For everybody, at every address with a reference, whether it is read or written to."""
    tried = 0
    forms = {target: form for (target, _), form in walk.forms.items()}
    for name in {*walk.urls, *forms}:
        if "<" not in name:
            continue
        theirs = forms[name].action if name in forms else walk.urls[name][1]
        references = [value for part, value in resolve(urlsplit(theirs).path).kwargs.items() if part != "rail"]
        for key in world.PEOPLE if PROOF > 1 else ("anonymous", "ada", "linhao", "ravi", "fang"):
            person = walk.people[key]
            for method in ("get", "post") if name in forms else ("get",):
                data = forms[name].filled(WORDS) if method == "post" else None
                real = person.ask(method, theirs, data)
                if real.status_code == 404:
                    tried += 1
                    missing = theirs.replace(str(references[0]), _other(str(references[0])))
                    assert _bytes(real) == _bytes(person.ask(method, missing, data)), f"{method} {theirs} as {key}"
    assert tried > 50


def _other(reference: str) -> str:
    return reference[:2] + "777777" if "-" in reference else "777777"


def _bytes(response: HttpResponse) -> tuple[Any, ...]:
    return response.status_code, sorted(response.items()), response.cookies.output(), response.body


@pytest.mark.once
@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "HEAD", *["DELETE", "PATCH", "TRACE"] * (PROOF > 1)])
def test_other_methods_break_nothing(walk: Walk, method: str):
    for key, url in walk.urls.values():
        response = fits(walk.people[key].ask(method, url), f"{method} {url}")
        allowed = (200, 302, 204) if method in ("OPTIONS", "HEAD") else ()
        assert response.status_code in (*allowed, 405, 403), f"{method} {url}: {response.status_code}"


@pytest.mark.once
@pytest.mark.parametrize(
    "header",
    [{"host": "evil.example"}, {"host": "a b"}, {"cookie": "django_language=../../etc; sessionid=\u0000"},
     {"accept-language": "tlh-Latn, zh-hans;q=NaN, *;q=9" + ",en" * 500}, {"x-forwarded-for": "\x00, 1"}],
)  # fmt: skip
def test_strange_headers_break_no_page(walk: Walk, header: dict[str, str]):
    for url in ("/", "/portal/", "/accounts/login/", "/no/such/place/"):
        fits(walk.people["nina"].ask("get", url, headers=header), f"{url} with {header}")


@pytest.mark.once
def test_an_unknown_language_changes_nothing(walk: Walk):
    for language in ("tlh", "zh-hant", "../../etc", "\x00", "x" * 5000):
        response = fits(
            walk.people["nina"].ask("post", "/language/", {"language": language, "next": "/portal/"}), language
        )
        assert response.status_code == 302


@pytest.mark.once
def test_a_very_long_address_is_missing(walk: Walk):
    assert fits(walk.people["nina"].ask("get", "/portal/tickets/" + "x" * 60_000 + "/"), "long").status_code in (
        400,
        404,
    )

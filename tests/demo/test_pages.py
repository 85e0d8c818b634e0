"""The embedded default's extra pages: one button for each person, and the outbox of all."""

import pytest
from django.core.mail import EmailMessage

from demo import cast as people
from demo import pages
from sandbox.mail import Outbox
from tests import make


def test_everybody_has_a_button(client, cast):
    html = client.get("/demo/").content.decode()
    assert all(f"/demo/people/{one.key}/" in html for one in people.PEOPLE)


def test_the_page_says_in_which_language_somebody_reads_and_how_the_name_is_read(client, cast):
    html = client.get("/demo/").content.decode()
    assert "Lin Hao" in html and html.count("opens in 简体中文") == 8


def test_the_page_says_who_is_on_duty_now_and_until_when(cast, now):
    make.crew()
    entries = {entry.person.key: entry for _title, group in pages.groups(now) for entry in group}
    assert {key for key, entry in entries.items() if entry.is_on} == {"linhao", "chenyu", "omar", "sara"}
    assert entries["linhao"].until.hour == 10


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("nina", "/portal/"), ("omar", "/desk/"), ("ravi", "/workshop/"), ("fang", "/office/receivables/"),
        ("dora", "/office/wallboard/"), ("otto", "/office/health/"), ("sun", "/office/"),
    ],
)  # fmt: skip
def test_a_button_signs_in_and_leads_to_the_own_face(client, cast, key, address):
    assert client.post(f"/demo/people/{key}/", follow=True).redirect_chain[-1][0] == address


def test_a_link_alone_signs_nobody_in(client, cast):
    assert client.get("/demo/people/nina/").status_code == 405


@pytest.mark.parametrize(
    "how",
    [{"REMOTE_ADDR": "10.0.0.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_X_REAL_IP": "127.0.0.1"}],
)
@pytest.mark.parametrize("address", ["/demo/", "/demo/outbox/"])
def test_from_another_machine_there_is_nothing(client, cast, how, address):
    assert client.get(address, **how).status_code == 404


def test_somebody_unknown_is_nobody(client, cast):
    assert client.post("/demo/people/mallory/").status_code == 404


def test_the_outbox_shows_what_was_sent(client, cast, settings, tmp_path, mailoutbox):
    settings.OUTBOX_DIR = tmp_path
    settings.EMAIL_BACKEND = "sandbox.mail.Outbox"
    mail = EmailMessage("主题", "正文", to=["nina@nordlicht.example"])
    Outbox().send_messages([mail, EmailMessage("Answered", "Words", to=["ada@meridian.example"])])
    html = client.get("/demo/outbox/").content.decode()
    assert "主题" in html and "nina@nordlicht.example" in html and "Answered" in html
    hers = client.get("/demo/outbox/?to=nina@nordlicht.example").content.decode()
    assert "主题" in hers and "Answered" not in hers and "ada@meridian.example (1)" in hers

"""The README's table, row by row, in the running product: bought, asked, routed, answered, helped, solved, rated.

Everybody comes as the README says: they open /demo/ and press their name. What a reader cannot find by what stands on
the page is a fault of the page.
"""

import re

import pytest

from demo import cast
from tests.infra.processes import until
from tests.journeys import steps
from tests.journeys.house import House
from tests.journeys.person import Person
from tests.journeys.steps import Comes

pytestmark = pytest.mark.browser
SUBJECT = "Nodes turn NotReady after the upgrade"
FINDING = "The lease controller of the host cluster loses its watch when the clock jumps by more than a second."


def test_a_plan_is_bought_a_ticket_answered_with_the_help_of_rnd_and_rated(house: House, comes: Comes):
    ada = comes("ada").signs_in()
    she_buys_premium(ada, comes("fang"))
    ada.goes("/portal/")
    ada.sees("Premium")
    reference = steps.files(ada, SUBJECT)
    engineer = steps.asked(SUBJECT, comes)
    they_acknowledge_and_answer(engineer, reference)
    she_reads_words_that_name_nobody(ada, reference, house)
    rnd_helps_unseen(ada, engineer, comes("ravi"), reference)
    they_solve_and_she_rates(ada, engineer, reference)
    everybodys_mail_stands_there(comes("charlie"))


@pytest.mark.parametrize("key", ["nina", "zhoumin"])
def test_a_customer_with_a_plan_sees_what_was_promised_and_why(key: str, comes: Comes):
    who = comes(key).signs_in()
    who.sees("What we promised you")
    who.follows("Tickets")
    who.page.locator("main a[href^='/portal/tickets/T-']").first.click()
    who.sees(re.compile("Our turn|Your turn|Solved|Closed|Promise broken"))
    who.picture("whose turn")
    who.goes("/portal/")
    who.page.locator("td.time:has([data-due]) ~ td.title a, tr:has([data-due]) td.title a").first.click()
    who.page.locator("details.why > summary").first.click()
    who.sees("Counted time", "Result")
    who.picture("why")
    who.follows("How a promise is counted")
    who.sees("if you sent a ticket now")
    who.picture("how a promise is counted")


def test_the_duty_manager_sees_who_is_on_and_what_is_at_risk(comes: Comes):
    dora = comes("dora").signs_in()
    dora.follows("Wallboard")
    dora.sees("On duty", "Gaps")
    dora.picture("wallboard")


def she_buys_premium(ada: Person, fang: Person) -> None:
    ada.follows(re.compile("^Plans$|^Compare the plans$"))
    ada.sees("Standard", "Premium", "Premium + on-site")
    ada.picture("plans")
    ada.page.get_by_role("link", name=re.compile("Choose Premium$")).click()
    ada.picture("order")
    ada.presses(re.compile("^Order for"))
    ada.presses("I have sent the transfer")
    ada.sees("Announced, not paid yet.")
    ada.picture("transfer announced")
    number = ada.page.locator(".bank-reference code").inner_text()
    invoice = ada.page.url
    fang.signs_in().follows("Receivables")
    fang.follows(number)
    fang.writes("Statement line", "BOC 2026-11 line 4711")
    fang.picture("receipt")
    fang.presses("Book it")
    ada.goes(invoice)
    ada.sees("paid")
    ada.picture("paid")


def they_acknowledge_and_answer(engineer: Person, reference: str) -> None:
    engineer.picture("offer")
    engineer.goes(f"/desk/tickets/{reference}/")
    engineer.presses(re.compile("Acknowledge"))
    engineer.sees("It is yours.")
    they_speak(engineer, reference, "reply", "Two questions of ours are answered by your log. We look into it now.")


def they_speak(engineer: Person, reference: str, intent: str, words: str) -> None:
    engineer.goes(f"/desk/tickets/{reference}/")
    engineer.page.locator(f"input[name=intent][value={intent}]").check(force=True)
    engineer.page.locator(".composer-public textarea").fill(words)
    engineer.presses(re.compile("Preview and send"))
    engineer.sees("will read exactly this", words)
    engineer.picture(f"preview of a {intent}")
    engineer.page.locator("button[form=send]").click()
    engineer.sees(words)
    engineer.picture(f"after the {intent}")


def she_reads_words_that_name_nobody(ada: Person, reference: str, house: House) -> None:
    ada.goes(f"/portal/tickets/{reference}/")
    ada.sees("We look into it now.", "Support")
    ada.picture("she reads the answer")
    mails = until(lambda: [m for m in house.mails_to(ada.cast.email) if "look into it" in m.get_content()], 30)
    inside = [one for one in cast.PEOPLE if one.teams]
    told = ada.page.content() + "".join(mail.as_string() for mail in house.mails_to(ada.cast.email))
    assert mails[0]["From"].startswith("Support ")
    assert not [one.key for one in inside if one.name in told or one.email in told]


def rnd_helps_unseen(ada: Person, engineer: Person, ravi: Person, reference: str) -> None:
    hers = ("/portal/", "/portal/tickets/", f"/portal/tickets/{reference}/")
    before = [ada.source(address) for address in hers]
    engineer.goes(f"/desk/tickets/{reference}/")
    engineer.page.locator("#help summary").click()
    for label, words in (
        ("Title", "Nodes NotReady at night"), ("What is seen", "Two of twelve nodes drop every night at two."),
        ("What was tried", "Restarting kubelet helps for a day."), ("What is asked", "What loses the lease?"),
    ):  # fmt: skip
        engineer.page.locator("#help").get_by_label(label).fill(words)
    engineer.page.locator("#help").get_by_role("button", name="Ask R&D").click()
    engineer.sees("R&D has been asked.")
    engineer.picture("help asked")
    ravi.signs_in()
    ravi.sees("Nodes NotReady at night")
    ravi.picture("inbox")
    ravi.follows("Nodes NotReady at night")
    ravi.presses(re.compile("Take it"))
    ravi.page.locator("#remark-body").fill("Seen before in the staging cluster, it is ours.")
    ravi.presses("Save remark")
    ravi.writes("What you found", FINDING)
    ravi.writes("Fixed in", "v4.1.3")
    ravi.picture("finding")
    ravi.presses("Publish to the desk")
    ravi.sees("The desk has the finding.")
    assert reference not in ravi.page.content() and "Meridian" not in ravi.page.content()
    ravi.picture("published")
    engineer.goes(f"/desk/tickets/{reference}/")
    engineer.sees(FINDING[:40])
    engineer.picture("the desk reads it")
    assert [ada.source(address) for address in hers] == before


def everybodys_mail_stands_there(anybody: Person) -> None:
    anybody.goes("/demo/")
    anybody.follows("Outbox")
    anybody.sees(re.compile(SUBJECT), f"to {cast.BY_KEY['ada'].email}")
    anybody.picture("outbox")


def they_solve_and_she_rates(ada: Person, engineer: Person, reference: str) -> None:
    they_speak(engineer, reference, "solve", "A watch is lost when the clock jumps; upgrade to v4.1.3 and it stays.")
    ada.goes(f"/portal/tickets/{reference}/")
    ada.sees("Solved")
    ada.page.locator("input[name=score][value='5']").check(force=True)
    ada.picture("rating")
    ada.page.locator("form[action$='/rating/'] button").click()
    ada.goes(f"/portal/tickets/{reference}/")
    ada.sees("5 / 5")
    ada.picture("rated")
    engineer.goes(f"/desk/tickets/{reference}/")
    engineer.picture("the end at the desk")

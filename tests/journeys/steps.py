"""Steps that several journeys share."""

import re
from collections.abc import Callable

from demo import cast
from tests.infra.processes import until
from tests.journeys.person import Person

Comes = Callable[[str], Person]


def files(who: Person, subject: str) -> str:
    """An S2 on the own cluster, with the promise seen before it is sent. The ticket's reference."""
    who.goes("/portal/tickets/new/")
    who.page.locator("input[name=severity][value='2']").check()
    who.page.get_by_label("Which cluster").select_option(index=1)
    with who.page.expect_response("**/template/"):
        who.page.get_by_label("What is it about").select_option("workloads")
    who.page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    who.writes("In one line", subject)
    who.writes("What happened", "Since 4.1.2 two of twelve nodes are NotReady every night at two.")
    who.page.locator("#promise").get_by_text(re.compile(r"\d+ (h|min)")).first.wait_for()
    who.picture("promise before sending")
    who.presses("Send the ticket")
    who.page.wait_for_url(re.compile(r"/portal/tickets/T-\w{6}/"))
    who.sees(subject)
    who.picture("ticket filed")
    return re.search(r"T-\w{6}", who.page.url).group()  # type: ignore[union-attr]


def asked(subject: str, comes: Comes, *, but: str = "") -> Person:
    """Who was offered the ticket: the demo's page says who is on duty, and one of them finds it on the shift page.

    What they were offered before it they acknowledge, as the page asks them to.
    """
    door = comes("charlie")
    door.goes("/demo/")
    door.picture("who is on duty")
    rows = door.page.get_by_role("listitem").filter(has_text="on duty")
    names = [name.strip() for name in rows.locator("strong").all_inner_texts()]
    keys = [key for key, one in cast.BY_KEY.items() if one.name in names and key != but]
    on_duty = [comes(key).signs_in() for key in keys]
    assert on_duty, "nobody is on duty"

    def offered() -> Person | None:
        for one in on_duty:
            one.goes("/desk/shift/")
            if one.page.get_by_role("button", name="Acknowledge").count():
                if subject in one.page.content():
                    return one
                one.presses("Acknowledge")
        return None

    return until(offered, 30)

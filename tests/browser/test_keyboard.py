"""By keyboard alone: Tab comes to every control in the order of the page, each is seen to have it, and it lets go."""

import pytest

from tests.browser.conftest import Tourists
from tests.browser.places import Link

pytestmark = pytest.mark.browser
FRAMES = {
    "storefront": ("", "/plans/"), "account": ("", "/accounts/login/"), "demo": ("", "/demo/"),
    "portal": ("nina", "/portal/tickets/new/"),
    "portal-ticket": ("zhoumin", Link("/portal/tickets/", r"/portal/tickets/T-\w{6}/")),
    "desk": ("omar", "/desk/shift/"), "desk-ticket": ("omar", Link("/desk/", r"/desk/tickets/T-\w{6}/")),
    "workshop": ("ravi", "/workshop/"), "office": ("fang", "/office/receivables/"),
}  # fmt: skip
"""One page of each frame, where there is most to press."""

NUMBER = """() => {
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex]"
    const is_stop = one => {
        const is_shown = one.type !== "hidden" && one.checkVisibility({visibilityProperty: true})
        if (one.tabIndex < 0 || one.disabled || !is_shown) return false
        if (one.type !== "radio") return true
        const group = [...document.getElementsByName(one.name)].filter(other => other.form === one.form)
        return one === (group.find(other => other.checked) ?? group[0])
    }
    const stops = [...document.querySelectorAll(kinds)].filter(is_stop)
    stops.forEach((one, number) => { one.dataset.stop = number })
    return stops.length
}"""
"""Every control in the order of the page; a group of radio buttons is one."""

WHERE = """() => {
    const at = document.activeElement, ringed = [at, at.closest("label"), at.parentElement].filter(Boolean)
    const has_ring = ringed.some(one => {
        const style = getComputedStyle(one)
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
    })
    const box = at.getBoundingClientRect()
    const is_seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    return {stop: at.dataset.stop ?? "", has_ring, is_seen, what: at.outerHTML.slice(0, 120)}
}"""


@pytest.mark.parametrize("frame", FRAMES)
def test_tab_reaches_everything_in_order(frame: str, tourists: Tourists):
    who, address = FRAMES[frame]
    visitor = tourists(who)
    visitor.speaks("en")
    visitor.page.set_viewport_size({"width": 1440, "height": 900})
    visitor.page.goto(visitor.address(address))
    count = visitor.page.evaluate(NUMBER)
    reached, problems = [], []
    for _press in range(count):
        visitor.page.keyboard.press("Tab")
        here = visitor.page.evaluate(WHERE)
        reached.append(here["stop"])
        problems += [f"{fault}: {here['what']}" for fault in ("has_ring", "is_seen") if not here[fault]]
    assert reached == [str(number) for number in range(count)]
    assert problems == []
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate(WHERE)["stop"] in ("", "0"), "the last control does not let go"


@pytest.mark.parametrize("frame", FRAMES)
def test_the_first_tab_skips_to_the_content(frame: str, tourists: Tourists):
    who, address = FRAMES[frame]
    visitor = tourists(who)
    visitor.page.goto(visitor.address(address))
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"

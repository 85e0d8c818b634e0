"""Every page of the house: where it stands, who visits it, and what is done before one looks.

The list is held against the URL patterns: an address without an entry fails the tour (test_tour.py). A page that shows
one thing names where a reader finds it: the first link of `like` on the page `on`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import URLPattern
from playwright.sync_api import Page

from config.checks import routes
from demo import cast

Act = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Link:
    """The address of one real thing: the first that matches `like` on the page `on`, and `more` after it."""

    on: str
    like: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A page as one person meets it. `name` is the name of its pictures; `who` is a key of the cast, "" is nobody."""

    name: str
    route: str
    """As `route_of` says it; "" for pages that no address of their own shows."""
    who: str
    address: str | Link
    status: int = 200
    act: Act | None = None
    may: tuple[str, ...] = ()
    """Rules of axe that do not fit this page; "english" where it shows English on purpose, "language" where it speaks
    the language of a person whom only the form names."""


def press(name: str) -> Act:
    """Press what the selector names and wait for the page that comes."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.locator(name).first.click()

    return act


def send_empty(form: str) -> Act:
    """Send a form as the server sees it when a browser does not hold it back."""

    def act(page: Page) -> None:
        page.locator(form).first.evaluate("form => { form.noValidate = true }")
        with page.expect_navigation():
            page.locator(form).first.evaluate("form => form.requestSubmit()")

    return act


def open_all(page: Page) -> None:
    """Everything that opens in place, as somebody does who wants to know why."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")


def open_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()


def confirm(page: Page) -> None:
    """Show that it is you, where the page asks for that first."""
    if "reauthenticate" in page.url:
        page.locator("input[type=password]").fill(cast.PASSWORD)
        press("main form button[type=submit]")(page)


def sign_in_by_halves(page: Page) -> None:
    """E-mail and password of somebody who has a second step."""
    page.locator("input[name=login]").fill(cast.BY_KEY[WITH_FACTORS].email)
    page.locator("input[name=password]").fill(cast.PASSWORD)
    press("main form:has(input[name=password]) button[type=submit]")(page)


def pay_by_card(page: Page) -> None:
    press("form[action$='/cards/'] button[type=submit]")(page)


def leave_the_checkout(page: Page) -> None:
    pay_by_card(page)
    press("form[action$='/leaving/'] button")(page)


WITH_FACTORS = "paul"
"""Who has an app, a passkey and recovery codes: tests/browser/conftest.py gives them."""
TICKET = r"/portal/tickets/T-\w{6}/"
WORK = r"/desk/tickets/T-\w{6}/"
CATALOGUE = ("landmark-unique", "english")
"""It shows the same component twice, with samples in both languages."""
CASE = r"/workshop/investigations/V-\w{6}/"
MEMBERS = r"/portal/members/O-\w{6}/"
OPEN = Link("/portal/", r"/portal/invoices/\w-\w{6}/")
MINE = Link("/portal/tickets/", TICKET)
PLACES = (
    # Storefront
    Place("storefront-home", "storefront:home", "", "/"),
    Place("storefront-home-signed-in", "storefront:home", "zhoumin", "/"),
    Place("storefront-plans", "storefront:plans", "", "/plans/"),
    Place("storefront-plans-opened", "storefront:plans", "nina", "/plans/?currency=CNY", act=open_all),
    Place("storefront-help", "storefront:help", "", "/help/"),
    # Portal
    Place("portal-home", "portal:home", "nina", "/portal/"),
    Place("portal-home-without-plan", "portal:home", "ada", "/portal/"),
    Place("portal-home-without-company", "portal:home", "charlie", "/portal/"),
    Place("portal-tickets", "portal:tickets", "zhoumin", "/portal/tickets/"),
    Place("portal-tickets-of-one", "portal:tickets", "ada", "/portal/tickets/"),
    Place("portal-tickets-nobody", "portal:tickets", "charlie", "/portal/tickets/"),
    Place("portal-ticket-new", "portal:ticket-new", "nina", "/portal/tickets/new/"),
    Place("portal-ticket-new-without-plan", "portal:ticket-new", "ada", "/portal/tickets/new/"),
    Place("portal-ticket-new-nobody", "portal:ticket-new", "charlie", "/portal/tickets/new/"),
    Place("portal-ticket-new-errors", "portal:ticket-new", "jonas", "/portal/tickets/new/", 422,
          send_empty("#new-ticket")),
    Place("portal-ticket", "portal:ticket", "nina", MINE),
    Place("portal-ticket-opened", "portal:ticket", "zhoumin", MINE, act=open_all),
    Place("portal-ticket-yours", "portal:ticket", "nina", Link("/portal/", TICKET)),
    Place("portal-ticket-over", "portal:ticket", "zhoumin", Link("/portal/tickets/?show=over", TICKET)),
    Place("portal-ticket-severity", "portal:ticket-severity", "nina", Link("/portal/tickets/", TICKET, "severity/")),
    Place("portal-ticket-withdrawal", "portal:ticket-withdrawal", "lihang",
          Link("/portal/tickets/", TICKET, "withdrawal/")),
    Place("portal-notices", "portal:notices", "nina", "/portal/notices/"),
    Place("portal-notices-none", "portal:notices", "charlie", "/portal/notices/"),
    Place("portal-organization-new", "portal:organization-new", "charlie", "/portal/organizations/new/"),
    Place("portal-organization-new-errors", "portal:organization-new", "charlie", "/portal/organizations/new/", 422,
          send_empty("main form")),
    Place("portal-orders", "portal:orders", "nina", "/portal/orders/"),
    Place("portal-orders-none", "portal:orders", "ada", "/portal/orders/"),
    Place("portal-order-new", "portal:order-new", "ada", "/portal/orders/new/?plan=premium&currency=USD"),
    Place("portal-order", "portal:order", "zhoumin", Link("/portal/orders/", r"/portal/orders/\w-\w{6}/")),
    Place("portal-invoices", "portal:invoices", "lihang", "/portal/invoices/"),
    Place("portal-invoices-none", "portal:invoices", "ada", "/portal/invoices/"),
    Place("portal-invoice", "portal:invoice", "nina", Link("/portal/invoices/", r"/portal/invoices/\w-\w{6}/")),
    Place("portal-help", "portal:help", "nina", "/portal/help/"),
    Place("portal-help-without-plan", "portal:help", "charlie", "/portal/help/"),
    Place("portal-invoice-open", "portal:invoice", "zhoumin", OPEN),
    Place("portal-invoice-card", "portal:invoice-card", "greta", OPEN, act=leave_the_checkout),
    Place("portal-checkout", "checkout", "greta", OPEN, act=pay_by_card),
    Place("portal-members", "portal:members-of", "nina", Link("/portal/members/", MEMBERS)),
    Place("portal-members-read", "portal:members-of", "jonas", Link("/portal/members/", MEMBERS)),
    Place("portal-member", "portal:member", "nina", Link("/portal/members/", MEMBERS + r"people/[\w-]+/")),
    # Desk
    Place("desk-queue", "desk:queue", "omar", "/desk/"),
    Place("desk-queue-nothing-found", "desk:queue", "linhao", "/desk/?q=quokka"),
    Place("desk-queue-keys", "desk:queue", "dora", "/desk/", act=open_keys),
    Place("desk-shift", "desk:shift", "sara", "/desk/shift/"),
    Place("desk-notices", "desk:notices", "omar", "/desk/notices/"),
    Place("desk-notices-dora", "desk:notices", "dora", "/desk/notices/"),
    Place("desk-ticket", "desk:ticket", "chenyu", Link("/desk/", WORK)),
    Place("desk-ticket-opened", "desk:ticket", "sara", Link("/desk/", WORK), act=open_all),
    Place("desk-palette", "desk:palette", "omar", "/desk/palette/?q=node"),
    Place("desk-help", "desk:help", "omar", "/desk/help/"),
    # Workshop
    Place("workshop-inbox", "workshop:inbox", "ravi", "/workshop/"),
    Place("workshop-inbox-answered", "workshop:inbox", "mei", "/workshop/?view=answered"),
    Place("workshop-notices", "workshop:notices", "ravi", "/workshop/notices/"),
    Place("workshop-help", "workshop:help", "ravi", "/workshop/help/"),
    Place("workshop-investigation", "workshop:investigation", "ravi", Link("/workshop/", CASE)),
    Place("workshop-investigation-answered", "workshop:investigation", "ravi",
          Link("/workshop/?view=answered", CASE), act=open_all),
    # Office
    Place("office-home-duty", "office:home", "dora", "/office/"),
    Place("office-home-finance", "office:home", "fang", "/office/"),
    Place("office-home-sales", "office:home", "sun", "/office/"),
    Place("office-wallboard", "office:wallboard", "dora", "/office/wallboard/"),
    Place("office-policies", "office:policies", "dora", "/office/policies/"),
    Place("office-policy", "office:policy", "dora", "/office/policies/premium/"),
    Place("office-policy-new", "office:policy-new", "dora", "/office/policies/new/?like=redhat-premium"),
    Place("office-calendars", "office:calendars", "dora", "/office/calendars/"),
    Place("office-calendar", "office:calendar", "dora", "/office/calendars/cn-5x9/"),
    Place("office-calendar-unpublished", "office:calendar", "dora", "/office/calendars/cn-5x9/?year=2027"),
    Place("office-calendar-new", "office:calendar-new", "dora", "/office/calendars/new/"),
    Place("office-calendar-new-errors", "office:calendar-new", "dora", "/office/calendars/new/", 422,
          send_empty("main form")),
    Place("office-calendar-edit", "office:calendar-edit", "dora", "/office/calendars/cn-5x9/edition/"),
    Place("office-schedule", "office:schedule", "dora", "/office/schedules/cn-5x9/"),
    Place("office-schedule-errors", "office:schedule", "dora",
          "/office/schedules/cn-5x9/", 422, send_empty("main form")),
    Place("office-calendar-preview", "office:calendar-edit", "dora", "/office/calendars/cn-5x9/edition/",
          act=press("main form button[value=preview].button-primary")),
    Place("office-receivables", "office:receivables", "fang", "/office/receivables/"),
    Place("office-receivables-nothing-found", "office:receivables", "fang", "/office/receivables/?q=quokka"),
    Place("office-receivable", "office:receivable", "fang",
          Link("/office/receivables/", r"/office/receivables/\w-\w{6}/"), act=open_all),
    Place("office-people", "office:people", "otto", "/office/people/"),
    Place("office-person", "office:person", "otto", Link("/office/people/", r"/office/people/\d+/")),
    Place("office-health", "office:health", "otto", "/office/health/"),
    Place("office-help", "office:help", "fang", "/office/help/"),
    # Sign-in and accounts
    Place("accounts-login", "account_login", "", "/accounts/login/"),
    Place("accounts-login-errors", "account_login", "", "/accounts/login/", act=send_empty("main form")),
    Place("accounts-signup", "account_signup", "", "/accounts/signup/"),
    Place("accounts-password-reset", "account_reset_password", "", "/accounts/password/reset/"),
    Place("accounts-password-reset-done", "account_reset_password_done", "", "/accounts/password/reset/done/"),
    Place("accounts-password-key-done", "account_reset_password_from_key_done", "",
          "/accounts/password/reset/key/done/"),
    Place("accounts-password-key-spent", "account_reset_password_from_key", "",
          "/accounts/password/reset/key/1-spent/"),
    Place("accounts-confirm-email-spent", "account_confirm_email", "", "/accounts/confirm-email/spent/"),
    Place("accounts-email-sent", "account_email_verification_sent", "", "/accounts/confirm-email/"),
    Place("accounts-inactive", "account_inactive", "", "/accounts/inactive/"),
    Place("accounts-logout", "account_logout", "jonas", "/accounts/logout/"),
    Place("accounts-email", "account_email", "nina", "/accounts/email/"),
    Place("accounts-password-change", "account_change_password", "zhoumin", "/accounts/password/change/"),
    Place("accounts", "account", "nina", "/accounts/"),
    Place("accounts-inside", "account", "omar", "/accounts/"),
    Place("accounts-sessions", "account-sessions", "zhoumin", "/accounts/sessions/"),
    Place("accounts-invitation-spent", "invitation", "", "/accounts/invitations/spent/", 410),
    Place("accounts-reauthenticate", "account_reauthenticate", "jonas", "/accounts/reauthenticate/"),
    Place("accounts-2fa", "mfa_index", "omar", "/accounts/2fa/"),
    Place("accounts-2fa-app", "mfa_activate_totp", "nina", "/accounts/2fa/totp/activate/", act=confirm),
    Place("accounts-passkeys-none", "mfa_list_webauthn", "nina", "/accounts/2fa/webauthn/"),
    Place("accounts-passkey-add", "mfa_add_webauthn", "nina", "/accounts/2fa/webauthn/add/", act=confirm),
    Place("accounts-2fa-code", "mfa_authenticate", "", "/accounts/login/", act=sign_in_by_halves,
          may=("language",)),
    Place("accounts-2fa-set", "mfa_index", WITH_FACTORS, "/accounts/2fa/"),
    Place("accounts-2fa-reauthenticate", "mfa_reauthenticate", WITH_FACTORS, "/accounts/2fa/reauthenticate/"),
    Place("accounts-passkeys", "mfa_list_webauthn", WITH_FACTORS, "/accounts/2fa/webauthn/"),
    Place("accounts-passkey-sure", "mfa_reauthenticate_webauthn", WITH_FACTORS,
          "/accounts/2fa/webauthn/reauthenticate/"),
    Place("accounts-2fa-app-remove", "mfa_deactivate_totp", WITH_FACTORS,
          "/accounts/2fa/totp/deactivate/", act=confirm),
    Place("accounts-2fa-codes", "mfa_view_recovery_codes", WITH_FACTORS, "/accounts/2fa/recovery-codes/", act=confirm),
    Place("accounts-2fa-codes-new", "mfa_generate_recovery_codes", WITH_FACTORS,
          "/accounts/2fa/recovery-codes/generate/", act=confirm),
    Place("accounts-passkey-edit", "mfa_edit_webauthn", WITH_FACTORS,
          Link("/accounts/2fa/webauthn/", r"/accounts/2fa/webauthn/keys/\d+/edit/"), act=confirm),
    Place("accounts-passkey-remove", "mfa_remove_webauthn", WITH_FACTORS,
          Link("/accounts/2fa/webauthn/", r"/accounts/2fa/webauthn/keys/\d+/remove/"), act=confirm),
    # Demo
    Place("demo-people", "demo:people", "", "/demo/"),
    Place("demo-outbox", "demo:outbox", "", "/demo/outbox/"),
    Place("demo-look", "demo:look", "", "/demo/look/", may=CATALOGUE),
    Place("demo-look-dense", "demo:look", "", "/demo/look/?density=dense", may=CATALOGUE),
    # Errors as they are met; how each of them looks is in ERRORS.
    Place("error-missing", "", "nina", "/portal/nothing-here/", 404),
)  # fmt: skip

NOT_PAGES = {
    "healthz": "for monitors", "healthz/engine": "for monitors", "machines:plans": "for programs",
    "home": "sends on to where the person works",
    "portal:ticket-promise": "a part of ticket-new", "portal:ticket-live": "a part of ticket",
    "desk:ticket-earlier": "a part of ticket",
    "portal:invoice-card-live": "a part of invoice-card", "portal:members": "sends on to the reader's organization",
    "portal:ticket-file": "a download", "desk:ticket-file": "a download",
    "portal:invoice-document": "a download", "office:receivable-document": "a download",
    "mfa_download_recovery_codes": "a download", "mfa_login_webauthn": "for the script of the sign-in page",
    "account_set_password": "sends on who has a password, and everybody has",
    "account_confirm_login_code": "sends on: no code is ever sent by mail",
}  # fmt: skip
"""Addresses that answer to GET with something else than a page, and why."""


def route_of(address: str, pattern: URLPattern) -> str:
    """`portal:ticket`; the bare name outside the faces, the address where there is no name."""
    module = re.match(r"faces\.(\w+)|(demo)\b", pattern.callback.__module__)
    name = pattern.name or address
    return f"{module.group(1) or module.group(2)}:{name}" if module else name


def pages() -> list[str]:
    """Every route of this process that answers to GET."""
    return [route_of(address, pattern) for address, pattern in routes() if not is_only_sent(pattern)]


def is_only_sent(pattern: URLPattern) -> bool:
    """Whether the address takes forms and shows nothing."""
    view: object = pattern.callback
    while view is not None:
        code, closure = getattr(view, "__code__", None), getattr(view, "__closure__", None) or ()
        held = dict(zip(code.co_freevars, closure, strict=True)) if code else {}
        if "request_method_list" in held:
            return "GET" not in held["request_method_list"].cell_contents
        view = getattr(view, "__wrapped__", None)
    return False

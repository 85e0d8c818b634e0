"""A card company in a box: checkouts, test cards, charges, and events that it tells whoever sells.

It keeps its own file, which no transaction of a seller rolls back, and goes by its own clock. `api` is what the
seller's program calls; the functions below it are what a person does on its pages; `sandbox.events` delivers what it
tells.
"""

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

LASTS = 24 * 3600
"""Seconds for which a checkout can be paid."""
SLOW = 20
"""Seconds by which what is slow is late."""

TABLES = """
CREATE TABLE IF NOT EXISTS checkouts (
    id TEXT PRIMARY KEY, key TEXT UNIQUE, told TEXT, reference TEXT, amount INTEGER, currency TEXT, state TEXT,
    failure TEXT DEFAULT '', card TEXT DEFAULT '', charge TEXT DEFAULT '', paid_at INTEGER DEFAULT 0, created INTEGER
);
CREATE INDEX IF NOT EXISTS checkouts_by_reference ON checkouts (reference);
CREATE TABLE IF NOT EXISTS events (
    n INTEGER PRIMARY KEY, body TEXT, due INTEGER, attempts INTEGER DEFAULT 0, done INTEGER DEFAULT 0
);
CREATE INDEX IF NOT EXISTS events_due ON events (due) WHERE done = 0;
"""


@dataclass(frozen=True, slots=True)
class Card:
    """A test card, and what happens with it: `failure`, or paid with the quirk of its name."""

    number: str
    quirk: str = ""
    failure: str = ""

    @property
    def spaced(self) -> str:
        return " ".join(self.number[i : i + 4] for i in range(0, 16, 4))


CARDS = (
    Card("4242424242424242"),
    Card("4000000000000002", failure="card_declined"),
    Card("4000000000009995", failure="insufficient_funds"),
    Card("4000000000003220", quirk="asks"),
    Card("4000000000000077", quirk="slow"),
    Card("4000000000000150", quirk="lost"),
    Card("4000000000000168", quirk="late"),
    Card("4000000000000184", quirk="twice"),
    Card("4000000000000192", quirk="backwards"),
    Card("4000000000000200", quirk="silent"),
)
"""asks: the bank asks back. slow: the money takes a while. lost: the answer never reaches the browser. The others are
of the event: it comes late, twice, in the wrong order, or never."""
BY_NUMBER = {card.number: card for card in CARDS}
Answer = tuple[int, str]


class Gone(Exception):
    """There is no such checkout, or nothing can be done with it any more."""


@contextmanager
def books() -> Iterator[sqlite3.Connection]:
    """The company's own file, one writer at a time; committed at the end."""
    folder = Path(settings.SANDBOX_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / "cards.sqlite3", timeout=10, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.executescript(TABLES)
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


# What the seller's program calls


def api(method: str, path: str, body: str, key: str) -> Answer:
    """Answer a request: (status, JSON). The same key asks for the same checkout again, for another it is refused."""
    place, _, query = path.partition("?")
    parts = place.strip("/").split("/")
    if method == "POST" and parts == ["checkouts"]:
        return _create(body, key)
    if method == "GET" and parts == ["checkouts"]:
        return _find(query.removeprefix("reference="))
    if method == "GET" and len(parts) == 2:
        return _show(parts[1])
    if method == "POST" and len(parts) == 3 and parts[2] == "cancellation":
        try:
            cancel(parts[1])
        except Gone:
            return 409, json.dumps({"error": "not_open"})
        return _show(parts[1])
    return 404, json.dumps({"error": "not_found"})


def _create(body: str, key: str) -> Answer:
    told = json.loads(body)
    if not key or not isinstance(told.get("amount"), int) or told["amount"] <= 0:
        return 400, json.dumps({"error": "bad_request"})
    with books() as file:
        before = file.execute("SELECT * FROM checkouts WHERE key = ?", [key]).fetchone()
        if before is not None:
            return (200, _told(before)) if before["told"] == body else (409, json.dumps({"error": "key_used"}))
        new = f"co_{secrets.token_hex(12)}"
        file.execute(
            "INSERT INTO checkouts (id, key, told, reference, amount, currency, state, created)"
            " VALUES (?, ?, ?, ?, ?, ?, 'open', ?)",
            [new, key, body, told["reference"], told["amount"], told["currency"], int(time.time())],
        )
        return 201, _told(_row(file, new))


def _find(reference: str) -> Answer:
    with books() as file:
        rows = file.execute("SELECT * FROM checkouts WHERE reference = ? ORDER BY created, id", [reference]).fetchall()
    return 200, json.dumps({"checkouts": [_shown(row) for row in rows]})


def _show(checkout: str) -> Answer:
    try:
        return 200, json.dumps(show(checkout))
    except Gone:
        return 404, json.dumps({"error": "not_found"})


# What a person does on its pages


def show(checkout: str) -> dict[str, Any]:
    """A checkout as it stands now. Raises Gone."""
    with books() as file:
        return _shown(_row(file, checkout))


def pay(checkout: str, card: Card) -> dict[str, Any]:
    """Try to pay with a card. Paid or on its way, or the reason stands in `failure`. Raises Gone."""
    with books() as file:
        if _state(_row(file, checkout)) != "open":
            raise Gone
        now = int(time.time())
        if card.failure:
            file.execute("UPDATE checkouts SET failure = ? WHERE id = ?", [card.failure, checkout])
            _tell(file, checkout, "charge.failed", now)
        else:
            _charge(file, checkout, card, now)
        return _shown(_row(file, checkout))


def refuse(checkout: str) -> None:
    """The bank asked back, and the answer was no. Raises Gone."""
    pay(checkout, Card("", failure="authentication_failed"))


def cancel(checkout: str) -> None:
    """Give the checkout up; nothing can be paid by it any more. Raises Gone when something was."""
    with books() as file:
        if _state(_row(file, checkout)) != "open":
            raise Gone
        file.execute("UPDATE checkouts SET state = 'canceled' WHERE id = ?", [checkout])
        _tell(file, checkout, "checkout.canceled", int(time.time()))


def _charge(file: sqlite3.Connection, checkout: str, card: Card, now: int) -> None:
    late = SLOW if card.quirk in ("slow", "late") else 0
    paid_at = now + SLOW if card.quirk == "slow" else now
    file.execute(
        "UPDATE checkouts SET state = 'paid', failure = '', card = ?, charge = ?, paid_at = ? WHERE id = ?",
        [card.number[-4:], f"ch_{secrets.token_hex(12)}", paid_at, checkout],
    )
    if card.quirk == "silent":
        return
    if card.quirk == "slow":
        _tell(file, checkout, "checkout.processing", now)
    kinds = ["charge.succeeded", "checkout.paid"]
    if card.quirk == "backwards":
        kinds = ["checkout.paid", "charge.succeeded", "charge.failed"]
    for kind in kinds:
        _tell(file, checkout, kind, now + late, times=2 if card.quirk == "twice" else 1)


def _tell(file: sqlite3.Connection, checkout: str, kind: str, due: int, *, times: int = 1) -> None:
    told = {
        "id": f"ev_{secrets.token_hex(12)}", "type": kind, "created": int(time.time()),
        "object": {"id": checkout, "reference": _row(file, checkout)["reference"]},
    }  # fmt: skip
    file.executemany("INSERT INTO events (body, due) VALUES (?, ?)", [[json.dumps(told), due]] * times)


def _row(file: sqlite3.Connection, checkout: str) -> sqlite3.Row:
    row: sqlite3.Row | None = file.execute("SELECT * FROM checkouts WHERE id = ?", [checkout]).fetchone()
    if row is None:
        raise Gone
    return row


def _state(row: sqlite3.Row) -> str:
    now = time.time()
    if row["state"] == "paid" and now < row["paid_at"]:
        return "processing"
    return "expired" if row["state"] == "open" and now > row["created"] + LASTS else str(row["state"])


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    state, amount = _state(row), row["amount"]
    charge = {
        "id": row["charge"], "amount": amount, "currency": row["currency"], "card": row["card"],
        "fee": amount * settings.SANDBOX_CARD_FEE_BPS // 10_000,
    }  # fmt: skip
    told = json.loads(row["told"])
    return {
        "id": row["id"], "reference": row["reference"], "amount": amount, "currency": row["currency"], "state": state,
        "charge": charge if state == "paid" else None, "failure": row["failure"],
        "url": f"/sandbox/checkouts/{row['id']}/", "description": told.get("description", ""),
        "back": told.get("back", "/"), "away": told.get("away", "/"),
    }  # fmt: skip


def _told(row: sqlite3.Row) -> str:
    return json.dumps(_shown(row))

"""Everything that somebody outside can look at: pages for each role, forms, files, mails, notices, rows.

Each channel yields named bytes: status, headers, cookies and body of an answer, what a form wrote, a mail as it left.
A way out that nobody knows how to watch raises Unseen (`ways`): whoever adds one adds how it is watched.
"""

import logging
import re
from collections.abc import Iterator
from email import message_from_bytes

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern
from django.utils import translation

from demo import cast
from kit import files
from kit.sides import Side
from notifications import disclosure
from notifications.models import Notice
from talk.models import Attachment
from tests import box
from tests.wall.dice import Dice
from tests.wall.ways import (
    AT_INSIDE_DOORS,
    FORMS,
    OUTSIDE,
    QUERIES,
    ROLES,
    SENDERS,
    Known,
    Unseen,
    addresses,
    face_of,
    form,
    watched,
)  # fmt: skip


class Peeping(AssertionError):
    """A page for outsiders asked an inside table."""


def inside_tables() -> list[str]:
    return [m._meta.db_table for m in apps.get_models() if getattr(m, "side", Side.PUBLIC) > Side.PUBLIC]


def public_rows() -> bytes:
    """Every public table, row for row."""
    models = [model for model in apps.get_models() if getattr(model, "side", None) == Side.PUBLIC]
    return serializers.serialize(
        "json", [row for model in models for row in model._default_manager.order_by("pk")], indent=1
    ).encode()


class Eyes:
    """Looks at a world as each role. Which addresses were tried is in `channels`."""

    def __init__(
        self, dice: Dice, roles: tuple[str, ...] = ROLES, *, sends: bool = True, others: bool = True,
        only: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """`sends`: try the forms too. `others`: look at everybody's rows, mails and files, not at the roles' alone.

        `only`: of all pages these addresses, as the routes say them; mails, notices and files all the same.
        """
        self.dice, self.roles, self.sends, self.others, self.only = dice, roles, sends, others, only
        self.channels: set[str] = set()
        self.clients = {role: self._client(role) for role in roles}
        self._inside = re.compile('"({})"'.format("|".join(inside_tables())))

    def _client(self, role: str) -> Client:
        client = Client()
        if role != "anonymous":
            with self.dice.of(f"session of {role}", fresh=True):
                client.force_login(cast.person(role))
        return client

    def look(self) -> dict[str, bytes]:
        """All channels at this moment."""
        known = Known.now()
        logging.disable(logging.WARNING)
        seen: dict[str, bytes] = {}
        for address, pattern in watched():
            if self.only and address not in self.only:
                continue
            for role in self.roles:
                seen.update(self._pages(role, address, pattern, known))
        seen.update(self._mails())
        seen.update(self._notices())
        seen.update(self._files())
        seen["what the card company was told"] = box.told()
        if self.others:
            seen["public rows"] = public_rows()
        logging.disable(logging.NOTSET)
        return seen

    def _pages(self, role: str, address: str, pattern: URLPattern, known: Known) -> Iterator[tuple[str, bytes]]:
        is_outside, is_theirs = face_of(pattern) in OUTSIDE, role == "nina"
        self.channels.add(address)
        if not is_outside and role not in AT_INSIDE_DOORS:
            return
        for url in addresses(address, known, is_theirs=is_theirs):
            for query in QUERIES.get(pattern.name or "", ("",)):
                name, content = self._ask(role, "get", url + query, is_outside)
                yield name, content
                if is_theirs and is_outside and content.startswith(b"200"):
                    yield self._ask(role, "get", url + query, is_outside, language="zh-hans", hx_request="true")
            if is_outside and content.startswith(b"405") and pattern.name not in FORMS:
                raise Unseen(f"/{address}: nobody knows what its form takes; add it to tests/wall/ways.py")
            if self.sends and role in SENDERS and is_outside and pattern.name in FORMS:
                yield self._ask(role, "post", url + query, is_outside, data=form(pattern.name))

    def _ask(
        self, role: str, method: str, url: str, is_outside: bool, data=None, language="", **headers
    ) -> tuple[str, bytes]:
        """One request; what it writes is seen and taken back."""
        name = f"{role} {method} {url} {language} {' '.join(sorted(headers))}".strip()
        client = self.clients[role]
        statements: list[str] = []

        def listen(execute, sql, params, many, context):
            statements.append(sql)
            return execute(sql, params, many, context)

        with self.dice.of(f"channel {name}", fresh=True), transaction.atomic():
            if language:
                client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            with connection.execute_wrapper(listen):
                response = getattr(client, method)(url, data, headers=headers)
                body = b"".join(response.streaming_content) if response.streaming else response.content
            wrote = self.others and method == "post" and role == SENDERS[0] and response.status_code == 302
            rows = public_rows() if wrote else b""
            client.cookies.pop(settings.LANGUAGE_COOKIE_NAME, None)
            transaction.set_rollback(True)
        if is_outside and (peeped := next(filter(self._inside.search, statements), None)):
            raise Peeping(f"{name}: {peeped}")
        head = "\n".join(f"{key}: {value}" for key, value in sorted(response.items()))
        cookies = response.cookies.output()
        return name, f"{response.status_code}\n{head}\n{cookies}\n\n".encode() + body + b"\n" + rows

    def _mails(self) -> Iterator[tuple[str, bytes]]:
        """What left for somebody outside, byte for byte, with the moment at which it left."""
        people = [one for one in cast.PEOPLE if not one.teams and (self.others or one.key in self.roles)]
        wanted = {one.email for one in people}
        for path in sorted(settings.OUTBOX_DIR.glob("*.eml")):
            content = path.read_bytes()
            if wanted & set(str(message_from_bytes(content)["To"]).split(", ")):
                yield f"mail {path.name}", content

    def _notices(self) -> Iterator[tuple[str, bytes]]:
        """The lines on people's own pages, in both languages."""
        for language in ("en", "zh-hans"):
            with translation.override(language):
                for role in self.roles:
                    if role != "anonymous":
                        rows = Notice.objects.visible_to(cast.person(role)).on_page()
                        yield f"notices of {role} {language}", repr(disclosure.lines(rows)).encode()

    def _files(self) -> Iterator[tuple[str, bytes]]:
        rows = Attachment.objects.order_by("pk")
        if not self.others:
            rows = rows.filter(message__thread__organization=cast.company("nordlicht"))
        for sha256 in rows.values_list("sha256", flat=True):
            yield f"file {sha256}", files.content(sha256).read_bytes()

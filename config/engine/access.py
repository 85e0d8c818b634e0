"""gunicorn's log in the house's own words: one line a request, and nothing in it that opens a door."""

import logging
import logging.config
import re
from datetime import timedelta
from typing import Any

import gunicorn.http.wsgi
from django.conf import settings
from gunicorn.config import Config
from gunicorn.glogging import Logger

gunicorn.http.wsgi.SERVER = "Gatehouse"  # the header `Server` tells nobody what to attack

log = logging.getLogger("access")

SECRET = re.compile(r"[^/]{20,}")
"""A piece of a path that could be a token: invitations, confirmations and new passwords travel in paths."""


class Lines(Logger):
    """Errors go where the house's log goes; requests are written as `access` with fields for collectors."""

    def setup(self, cfg: Config) -> None:
        logging.config.dictConfig(settings.LOGGING)
        self.error_log.setLevel(cfg.loglevel.upper())
        self.error_log.propagate = True

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        if not settings.ACCESS_LOG or environ["PATH_INFO"] == "/healthz":
            return
        fields = {
            "method": environ["REQUEST_METHOD"], "path": without_secrets(environ["PATH_INFO"]),
            "status": resp.status_code, "ms": round(request_time / timedelta(milliseconds=1)),
            "bytes": resp.sent, "visitor": visitor(environ),
        }  # fmt: skip
        log.info("%(method)s %(path)s %(status)s %(ms)s ms %(bytes)s B %(visitor)s", fields, extra=fields)

    def reopen_files(self) -> None:
        """There are none: lines go to a stream."""


def without_secrets(path: str) -> str:
    """The path with dots where a token may stand; names of static files may be long and are none."""
    return path if path.startswith(settings.STATIC_URL) else SECRET.sub("...", path)


def visitor(environ: dict[str, Any]) -> str:
    """Whose request it is: the address that the one trusted proxy saw, or who is connected."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or str(environ.get("REMOTE_ADDR", ""))

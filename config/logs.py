"""Log lines as JSON, one object a line, for collectors (`LOG_FORMAT=json`)."""

import json
import logging
from datetime import UTC, datetime

ORDINARY = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}
"""What every record has; anything else was said by `extra=`."""


class JsonLine(logging.Formatter):
    """`at`, `level`, `logger`, `message`, the plain values of `extra=`, and `error` with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        more = vars(record).items()
        line |= {name: value for name, value in more if name not in ORDINARY and isinstance(value, str | int | float)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

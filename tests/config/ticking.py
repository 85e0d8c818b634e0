"""A ticker whose sweeps are easy to watch: `python -m tests.config.ticking FILE`, a line of the file for each round."""

import os
import signal
import sys
from pathlib import Path
from threading import Event

import django


def tally() -> None:
    with Path(sys.argv[1]).open("a") as file:
        file.write(f"{os.getpid()}\n")


def stumble() -> None:
    raise ValueError("a sweep that fails")


TIMETABLE = (("tests.config.ticking.stumble", 0.2), ("__main__.tally", 0.2))

if __name__ == "__main__":
    django.setup()
    from config.engine import ticker

    stop = Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    ticker.run(stop, TIMETABLE)

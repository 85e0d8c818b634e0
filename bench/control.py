"""The laboratory: a cluster of our own, the bare project on it, and the ratio that tells whether to believe a run."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import http
from bench.frame import Ratio, ratio, take_turns
from tests.infra import clusters
from tests.infra.databases import ROOT

CONTROL, TOLERANCE = 0.62, 0.08
"""Four ORM creates to four raw INSERTs, over HTTP, as measured on a quiet machine."""


@dataclass(frozen=True, slots=True)
class Laboratory:
    """Where everything of one run happens."""

    address: str
    """Of the cluster, without a database's name."""
    bare: int
    """The port of the bare project."""
    folder: Path

    def environment(self, database: str, **settings: str) -> dict[str, str]:
        """For a process of the house on this database of the cluster."""
        return {
            **os.environ,
            "DATABASE_URL": f"{self.address}/{database}",
            "DATA_DIR": str(self.folder),
            "EMBEDDED": "true",
            "LIMITS_ON": "false",
            "REDIS_URL": "",
            **settings,
        }


@contextmanager
def laboratory() -> Iterator[Laboratory]:
    """Cluster, bare project and a folder; all gone afterwards."""
    quick = {"shared_buffers": "1GB", "work_mem": "16MB"}
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder, clusters.postgres(**quick) as address:
        environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "bench.bare.settings"}
        subprocess.run([sys.executable, "-m", "bench.bare.lay"], cwd=ROOT, env=environment, check=True)
        with http.server("bench.bare.wsgi", environment) as port:
            yield Laboratory(address.rsplit("/", 1)[0], port, Path(folder))


def measure(here: Laboratory) -> Ratio:
    """The control ratio of this moment."""
    rounds = take_turns(
        {
            "orm": http.requests_per_second(here.bare, http.request("GET", "/orm"), 201),
            "raw": http.requests_per_second(here.bare, http.request("GET", "/raw"), 201),
        }
    )
    return ratio("control: bare ORM create : bare SQL create", rounds, "orm", "raw")


def is_quiet(control: Ratio) -> bool:
    """Whether this control ratio is the one of a quiet machine."""
    return abs(control.value - CONTROL) <= TOLERANCE

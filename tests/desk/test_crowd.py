"""Several processes at one desk, on whatever database the suite has: the small version of `test_races`."""

from tests.infra import call
from tests.infra.databases import private_database


def test_processes_that_drain_at_once_never_claim_twice(tmp_path):
    with private_database(tmp_path) as database:
        database.manage("migrate", "--verbosity", "0")
        desk = call.answer(call.begin(database.environment, "tests.desk.crowd:lay", 6))
        crowd = [call.begin(database.environment, "tests.desk.crowd:drain", desk, 5) for _ in range(3)]
        assert sum(call.answer(process) for process in crowd) == 4
        assert call.answer(call.begin(database.environment, "tests.desk.crowd:count")) == 4

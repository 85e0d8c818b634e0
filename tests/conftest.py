"""What every test may use: servers and a browser from `infra`, people and things from `cast`."""

pytest_plugins = [
    "tests.infra.browser",
    "tests.infra.compiling",
    "tests.infra.skipping",
    "tests.infra.flushing",
    "tests.journeys.standing",
    "tests.cast",
]

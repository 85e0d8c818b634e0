"""Ways in which somebody is told: a file each, with the same names in each.

`send(letter)` hands one rendered notice over and raises `Failed` when the outside says no; `check()` says in a
sentence what is missing, or nothing; `LIMIT` is how many may leave in a minute, None = no limit.
"""


class Failed(Exception):
    """The outside refused or could not be reached; the row is tried again later."""

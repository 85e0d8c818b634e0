"""What pages may know of people: the reader of a page, and the organizations that the reader belongs to."""

from kit.projection import projection


@projection
class Belonging:
    """One organization of the reader, with the reader's role in it."""

    reference: str
    name: str
    role: str


@projection
class Viewer:
    """The reader of a page, as `request.viewer`; on outside pages `request.user` too.

    `pk` says to a verb who acts; it is printed nowhere. `teams` are the kinds of the reader's teams of the house.
    """

    pk: int
    name: str
    email: str
    language: str
    timezone: str
    is_inside: bool
    belongings: tuple[Belonging, ...] = ()
    teams: tuple[str, ...] = ()
    is_authenticated: bool = True

    @property
    def is_anonymous(self) -> bool:
        return not self.is_authenticated


ANONYMOUS = Viewer(pk=0, name="", email="", language="", timezone="UTC", is_inside=False, is_authenticated=False)

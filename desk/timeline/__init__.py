"""One ticket as its engineer sees it: what was said and what was noted, merged by time, and all that stands around it.

The public part is read from the same rows as the customer's page; the inside part is added here, never the other way.
"""

from desk.timeline.bench import Earlier, Workbench, earlier, show, version
from desk.timeline.lines import SHOWN, Line
from desk.timeline.matter import Choice
from desk.timeline.promises import Promise

__all__ = ["SHOWN", "Choice", "Earlier", "Line", "Promise", "Workbench", "earlier", "show", "version"]

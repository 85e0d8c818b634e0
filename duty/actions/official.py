"""The calendars with which a house begins: China's as the State Council published it, Germany's, and day and night."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from duty.actions import calendars
from duty.actions.calendars import Day
from duty.models import Calendar
from kit.verbs import verb

CHINA = Path(__file__).parents[1] / "data" / "cn_calendar_2025_2026.json"
OFFICE = [["09:00", "18:00"]]
WEEK = dict.fromkeys(range(5), OFFICE)
ALWAYS = {day: [["00:00", "24:00"]] for day in range(7)}

FEASTS = (
    ((1, 1), (1, 5), "New Year", "元旦"), ((1, 20), (2, 28), "Spring Festival", "春节"),
    ((4, 3), (4, 7), "Qingming", "清明节"), ((4, 26), (5, 10), "Labour Day", "劳动节"),
    ((5, 30), (6, 30), "Dragon Boat Festival", "端午节"), ((9, 15), (9, 27), "Mid-Autumn Festival", "中秋节"),
    ((9, 28), (10, 12), "National Day", "国庆节"),
)  # fmt: skip
"""From, to, names: which feast a free day, or a working weekend that pays for it, belongs to in these two years."""
GERMANY = {
    2025: ((1, 1), (4, 18), (4, 21), (5, 1), (5, 29), (6, 9), (10, 3), (12, 25), (12, 26)),
    2026: ((1, 1), (4, 3), (4, 6), (5, 1), (5, 14), (5, 25), (10, 3), (12, 25), (12, 26)),
    2027: ((1, 1), (3, 26), (3, 29), (5, 1), (5, 6), (5, 17), (10, 3), (12, 25), (12, 26)),
}
"""Public holidays of all German states."""


@verb
def publish(*, valid_from: datetime) -> None:
    """Publish those of the three that do not stand yet: `cn-5x9`, `de-5x9`, `round-the-clock`."""
    standing = set(Calendar.objects.values_list("code", flat=True))
    if "cn-5x9" not in standing:
        calendars.publish(
            "cn-5x9", name="working hours, 5×9 of China", name_zh="5×9 工作时间", timezone="Asia/Shanghai",
            weekly=WEEK, days=china(), known_until=date(2026, 12, 31), valid_from=valid_from,
        )  # fmt: skip
    if "de-5x9" not in standing:
        free = [Day(on=date(year, *day), kind="holiday") for year, days in GERMANY.items() for day in days]
        calendars.publish(
            "de-5x9", name="working hours, 5×9 of Germany", name_zh="德国 5×9 工作时间", timezone="Europe/Berlin",
            weekly=WEEK, days=free, known_until=date(2027, 12, 31), valid_from=valid_from,
        )  # fmt: skip
    if "round-the-clock" not in standing:
        calendars.publish(
            "round-the-clock", name="day and night", name_zh="7×24", timezone="UTC", weekly=ALWAYS,
            valid_from=valid_from,
        )  # fmt: skip


def china() -> Iterator[Day]:
    """The free days and the working weekends of 2025 and 2026, as the State Council published them."""
    for year in json.loads(CHINA.read_text(encoding="utf-8"))["years"].values():
        for kind, field, windows in (("holiday", "off_days", []), ("override", "working_weekend_days", OFFICE)):
            for day in year[field]:
                on = date.fromisoformat(day)
                name, name_zh = _feast(on)
                yield Day(on=on, kind=kind, windows=windows, name=name, name_zh=name_zh)


def _feast(on: date) -> tuple[str, str]:
    return next((name, name_zh) for start, end, name, name_zh in FEASTS if start <= (on.month, on.day) <= end)

"""The pictures of the README: `python -m tests.browser.pictures [FOLDER]`, docs/pictures by default.

A fresh house with its demo world, its people at their pages, light and dark. Taken on a machine with the typefaces that
the look names first (Inter, and a Chinese one with weights) they show what most readers see.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.browser.tourist import Tourist  # noqa: E402  (it knows the cast, which are tables)
from tests.infra import browser  # noqa: E402
from tests.journeys.house import ROOT, running  # noqa: E402

HERE = ROOT / "docs" / "pictures"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of somebody, as much of it as the window shows; `first` is the link to follow before."""

    name: str
    who: str
    language: str
    address: str
    first: str = ""
    size: tuple[int, int] = (1280, 800)


PICTURES = (
    Picture("plans", "", "en", "/plans/"),
    Picture("ticket", "zhoumin", "zh", "/portal/tickets/", first="main a[href*='/portal/tickets/T-']"),
    Picture("desk", "grace", "en", "/desk/"),
    Picture("wallboard", "dora", "en", "/office/wallboard/", size=(1440, 830)),
)
"""What one looks at first: what is sold, a customer's ticket, the desk, the duty manager's board."""


def take(folder: Path) -> None:
    """All of them, as `<name>-light.png` and `<name>-dark.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as house, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.program(), args=browser.FLAGS)
        for picture in PICTURES:
            visitor = Tourist(chromium, house, picture.who)
            visitor.speaks(picture.language)
            visitor.page.set_viewport_size({"width": picture.size[0], "height": picture.size[1]})
            visitor.page.goto(picture.address)
            if picture.first:
                visitor.page.goto(visitor.page.locator(picture.first).first.get_attribute("href") or "")
            for details in visitor.page.locator("main .why > summary").all()[:1]:
                details.click()
            for mode in ("light", "dark"):
                visitor.page.emulate_media(color_scheme=mode, reduced_motion="reduce")  # type: ignore[arg-type]
                path = folder / f"{picture.name}-{mode}.png"
                visitor.page.screenshot(path=path)
                _squeeze(path)
                print(
                    f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: {path.stat().st_size // 1024} kB"
                )
            visitor.context.close()


def _squeeze(path: Path) -> None:
    """Smaller where a tool for it is at hand; the picture is right without."""
    if tool := shutil.which("pngquant"):
        subprocess.run([tool, "--force", "--skip-if-larger", "--output", str(path), str(path)], check=False)


if __name__ == "__main__":
    take(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE)

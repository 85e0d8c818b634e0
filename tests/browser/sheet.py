"""A page with every picture of the tour, to be looked at by a person."""

from html import escape
from pathlib import Path

STYLE = (
    "body{font:14px system-ui;margin:24px;background:#8882}figure{display:inline-block;vertical-align:top;margin:8px}"
    "img{max-width:420px;max-height:420px;display:block;border:1px solid #8886}"
)


def write(folder: Path) -> None:
    """`index.html` in `folder`, a heading for each face, a small picture for each file."""
    parts = [f"<!doctype html><meta charset=utf-8><title>Tour</title><style>{STYLE}</style>"]
    for face in sorted(path for path in folder.glob("*") if path.is_dir()):
        parts.append(f"<h2>{escape(face.name)}</h2>")
        for picture in sorted(face.glob("*.png")):
            address = escape(str(picture.relative_to(folder)))
            parts.append(
                f"<figure><a href='{address}'><img loading=lazy src='{address}' alt=''></a>"
                f"<figcaption>{escape(picture.stem)}</figcaption></figure>"
            )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text("\n".join(parts), encoding="utf-8")

"""Facts, bells and notices: everything named in a string exists, and every fact is heard from above."""

import ast
import re

from tests.house import ROOT, calls, floors, modules


def _declared() -> dict[str, str]:
    """Each fact's name with the room that announces it."""
    return {
        target.id: path.split("/")[0]
        for path, tree in modules().items()
        if path.endswith("/signals.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def every_fact_is_announced_and_heard_from_above() -> list[str]:
    """A fact is sent in its own room, and a receiver in a room above it listens; nobody else does."""
    declared = _declared()
    heard: dict[str, list[str]] = {name: [] for name in declared}
    sent: dict[str, list[str]] = {name: [] for name in declared}
    for path, tree in modules().items():
        room = path.split("/")[0]
        for call in calls(tree, "receiver"):
            for argument in call.args:
                for name in [n.id for n in ast.walk(argument) if isinstance(n, ast.Name) and n.id in declared]:
                    heard[name].append(room)
        for call in calls(tree, "send", "connect"):
            if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
                name = call.func.value.id
                if name in declared:
                    (sent if call.func.attr == "send" else heard)[name].append(room)
    problems = []
    for name, room in declared.items():
        problems += [f"{room}.{name} is never announced"] if not sent[name] else []
        problems += [f"{room}.{name} is announced by {other}" for other in sent[name] if other != room]
        problems += [f"{room}.{name} is heard by nobody"] if not heard[name] else []
        problems += [f"{room}.{name} is heard by {o}, not above" for o in heard[name] if floors()[o] <= floors()[room]]
    return problems


def every_task_named_in_a_string_exists() -> list[str]:
    """`later("desk.tasks.take_in", ..)` rings a task of the caller's own app; the timetable names sweeps that exist."""
    tasks = {
        f"{path[:-3].replace('/', '.')}.{node.name}"
        for path, tree in modules().items()
        if path.endswith("/tasks.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(getattr(d, "id", getattr(d, "attr", "")) == "shared_task" for d in node.decorator_list)
    }
    problems = []
    for path, tree in modules().items():
        for call in calls(tree, "later"):
            name = getattr(call.args[0], "value", None) if call.args else None
            if not isinstance(name, str):
                continue
            if name not in tasks:
                problems.append(f"{path}:{call.lineno} rings {name}, which is no task")
            if name.split(".")[0] != path.split("/")[0]:
                problems.append(f"{path}:{call.lineno} rings {name}, a task of another app")
    timetable = {
        node.value
        for node in ast.walk(modules()["config/celery.py"])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ".tasks." in node.value
    }
    problems += [f"the timetable names {name}, which is no task" for name in sorted(timetable - tasks)]
    problems += [f"{name} stands in no timetable" for name in sorted(tasks - timetable) if ".tasks.sweep_" in name]
    return problems


def every_notice_named_in_a_string_exists() -> list[str]:
    """A notice of kind "tickets.replied" is told by tickets and has its words in templates/notices/tickets/replied/."""
    problems = []
    for path, tree in modules().items():
        room = path.split("/")[0]
        if room == "notifications" or "/actions/" not in path:
            continue
        for node in ast.walk(tree):
            kind = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(kind, str) or not re.fullmatch(rf"{room}\.[a-z_]+", kind):
                continue
            folder = ROOT / "templates" / "notices" / kind.replace(".", "/")
            problems += [
                f"{path}:{node.lineno} tells {kind}, which has no {part}.txt"
                for part in ("subject", "body")
                if not (folder / f"{part}.txt").exists()
            ]
        for call in calls(tree, "tell", "tell_inside"):
            kind = call.args[1].value if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) else None
            if isinstance(kind, str) and not kind.startswith(f"{room}."):
                problems.append(f"{path}:{call.lineno} tells {kind}, a notice of another app")
    return problems


def every_fact_stands_in_the_docs() -> list[str]:
    """docs/facts.md lists each fact, and none that is no more."""
    listed = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "facts.md").read_text(), re.MULTILINE))
    declared = set(_declared())
    return [f"docs/facts.md lacks {name}" for name in sorted(declared - listed)] + [
        f"docs/facts.md lists {name}, which nobody announces" for name in sorted(listed - declared)
    ]


CHECKS = (
    every_fact_stands_in_the_docs,
    every_fact_is_announced_and_heard_from_above,
    every_task_named_in_a_string_exists,
    every_notice_named_in_a_string_exists,
)

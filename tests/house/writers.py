"""Who may write what, where helpers may stand, and which names are avoided."""

import ast

from tests.house import ROOT, calls, imports, modules, rooms

AVOIDED = ("services.py", "selectors.py", "repositories.py", "utils.py", "common.py", "admin.py", "views.py")
WRITES = ("create", "bulk_create", "get_or_create", "update_or_create")


def only_talk_writes_messages() -> list[str]:
    """Public words come into being in talk alone: by the customer's verb or through the door."""
    return [
        f"{path}:{call.lineno} writes a Message"
        for path, tree in modules().items()
        if not path.startswith("talk/")
        for call in calls(tree, "Message", *WRITES)
        if ast.unparse(call.func) in {"Message", *(f"Message.objects.{verb}" for verb in WRITES)}
    ]


def only_channels_send_mail() -> list[str]:
    """Mail leaves by notifications.channels; what would send one elsewhere is not even imported."""
    return [
        f"{path}:{line} imports {name or module}"
        for path, tree in modules().items()
        if not path.startswith(("notifications/channels/", "sandbox/"))
        for module, name, line in imports(tree)
        if module in {"django.core.mail", "smtplib"}
    ]


def kit_holds_no_business() -> list[str]:
    """A kit module has no table, and at least three apps (each face counts as one) use it."""
    users: dict[str, set[str]] = {}
    problems = []
    for path, tree in modules().items():
        room = ".".join(path.split("/")[:2]) if path.startswith("faces/") else path.split("/")[0]
        for module, name, _ in imports(tree):
            for used in {module, f"{module}.{name}"}:
                if used.startswith("kit.") and room != "kit":
                    users.setdefault(used, set()).add(room)
        if path.startswith("kit/"):
            problems += [
                f"{path}:{node.lineno} is a table in kit"
                for node in ast.walk(tree)
                if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "models.Model" for base in node.bases)
            ]
    for path in modules():
        if path.startswith("kit/") and path.count("/") == 1 and not path.endswith("__init__.py"):
            module = path[:-3].replace("/", ".")
            if len(users.get(module, ())) < 3:
                problems.append(f"{module} is used by {sorted(users.get(module, ()))}: fewer than three")
    return problems


def avoided_names_are_avoided() -> list[str]:
    """In a service marketplace a service is what a vendor sells; and nothing is called common."""
    return [
        f"{path.relative_to(ROOT)} has a name that the house avoids"
        for room in rooms()
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.name in AVOIDED
    ]


def words_come_in_by_the_boundary() -> list[str]:
    """What people type is a LineField or BlockField (kit/forms.py); a CharField holds keys, choices and passwords."""
    unseen = ("HiddenInput", "Select", "PasswordInput")
    return [
        f"{path}:{call.lineno} takes words by a CharField; use LineField or BlockField"
        for path, tree in modules().items()
        if path != "kit/forms.py"
        for call in calls(tree, "CharField")
        if ast.unparse(call.func) == "forms.CharField"
        if not any(
            key.arg == "widget" and any(one in ast.unparse(key.value) for one in unseen) for key in call.keywords
        )
    ]


def no_import_hides_in_a_function() -> list[str]:
    """Imports stand at the top; needing one inside means that an arrow points the wrong way."""
    return [
        f"{path}:{node.lineno} imports inside {function.name}"
        for path, tree in modules().items()
        if not path.endswith("/apps.py")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def no_timer_hides_in_celery() -> list[str]:
    """Timers are rows: nothing is ever published with a countdown or an eta."""
    return [
        f"{path}:{node.value.lineno} publishes with {node.arg}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in {"countdown", "eta"}
    ]


CHECKS = (
    only_talk_writes_messages,
    only_channels_send_mail,
    kit_holds_no_business,
    avoided_names_are_avoided,
    words_come_in_by_the_boundary,
    no_import_hides_in_a_function,
    no_timer_hides_in_celery,
)

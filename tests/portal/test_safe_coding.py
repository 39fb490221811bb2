"""What the project's own code never does, read from its text: what could run, open, guess or send something unseen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal", "desk", "search", "catalogue")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Give each module of the site with what it says; migrations are written by Django."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


MODULES = dict(modules())
SCRIPTS = {
    path.relative_to(ROOT).as_posix(): path.read_text() for room in ROOMS for path in (ROOT / room).rglob("*.js")
}
TEMPLATES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for room in ROOMS
    for path in (ROOT / room).rglob("templates/**/*")
    if path.is_file()
}


def imported(tree: ast.Module) -> set[str]:
    """Return the modules and names that a module imports, by their whole names."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def who_imports(*names: str) -> set[str]:
    """Return the modules that import one of these, or something of it."""
    return {
        path
        for path, tree in MODULES.items()
        if any(got == name or got.startswith(f"{name}.") for got in imported(tree) for name in names)
    }


def calls(*names: str) -> dict[str, list[ast.Call]]:
    """Return the calls of functions or methods of these names, by module."""
    found: dict[str, list[ast.Call]] = {}
    for path, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in names:
                found.setdefault(path, []).append(node)
    return found


def test_there_is_something_to_read():
    assert len(MODULES) > 300 and len(SCRIPTS) > 5 and len(TEMPLATES) > 100


def test_nothing_is_run_that_came_as_text():
    assert not {
        path
        for path, found in calls("eval", "exec", "__import__").items()
        if any(isinstance(c.func, ast.Name) for c in found)
    }
    assert not calls("from_string", "Template")
    assert set(calls("import_string")) == {"catalogue/models/procedures.py"}, "the view that the settings name"
    assert not who_imports("code", "codeop", "runpy")


def test_nothing_is_taken_apart_that_could_make_objects():
    assert not who_imports("marshal", "shelve", "yaml", "dill", "jsonpickle")
    assert who_imports("pickle") == {"portal/cache.py"}, "only for the name of an error"
    assert not {path for path in calls("loads", "load") if path == "portal/cache.py"}


def test_programs_are_started_without_a_shell_and_with_no_word_from_outside():
    assert not calls("system", "popen", "spawnl", "getoutput")
    assert who_imports("subprocess") == {"desk/files/opening.py"}
    [started] = calls("run")["desk/files/opening.py"]
    assert not any(word.arg == "shell" for word in started.keywords)


def test_xml_is_read_by_a_parser_that_opens_no_entities():
    readers = ("xml.etree", "xml.dom", "xml.sax", "xml.parsers", "lxml", "xmltodict")
    allowed = {"xml.etree.ElementTree", "xml.etree.ElementTree.ParseError", "xml.sax.saxutils"}
    for path, tree in MODULES.items():
        got = {name for name in imported(tree) if name.startswith(readers)}
        assert all(name in allowed or name.startswith("xml.sax.saxutils.") for name in got), path
    from openpyxl import DEFUSEDXML

    assert DEFUSEDXML, "openpyxl reads workbooks by defusedxml where it is there"


def test_sql_is_never_put_together_out_of_what_came_from_outside():
    assert not calls("raw")
    assert set(calls("RawSQL")) == {"desk/rows.py"}, "a constant"
    for path, found in calls("execute", "executemany").items():
        for call in found:
            assert not any(isinstance(word, ast.BinOp) for word in call.args[:1]), (path, call.lineno)


def test_patterns_are_our_own_and_what_is_put_into_one_is_escaped():
    ours = ("compile", "match", "search", "fullmatch", "sub", "split", "findall", "finditer")
    others = {
        (path, ast.unparse(call.args[0]))
        for path, found in calls(*ours).items()
        for call in found
        if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "re"
        if not is_ours(call.args[0]) and "escape(" not in ast.unparse(call.args[0])
    }
    assert {(path, pattern) for path, pattern in others if path != "catalogue/loading/fees.py"} == {
        ("desk/identities.py", "shape"),  # Of the table SHAPES.
        ("catalogue/loading/roles.py", "pattern"),  # Of the file with our list of roles.
    }
    assert "name = re.escape(" in (ROOT / "catalogue/loading/fees.py").read_text()


def test_what_people_write_is_never_a_format():
    others = {
        (path, ast.unparse(call))
        for path, found in calls("format", "format_map").items()
        for call in found
        if isinstance(call.func, ast.Attribute) and not is_ours_or_translated(call.func.value)
    }
    assert others == {  # Each of a table in capitals.
        ("portal/formatting.py", "pattern.format(day)"),
        ("catalogue/dates.py", "pattern.format(day)"),
        ("desk/verifying/planning.py", "form[connection.vendor].format(column)"),
        ("portal/access/checks.py", "line.format(name=name, key=route.key)"),  # What a developer is told to write.
    }


def is_ours_or_translated(text: ast.expr) -> bool:
    """Return whether a format is written in the code, or is a translation of such a one."""
    if isinstance(text, ast.Call):
        return getattr(text.func, "id", "") in ("_", "gettext", "ngettext", "str", "getattr")
    return is_ours(text)


def is_ours(pattern: ast.expr) -> bool:
    """Return whether a pattern is written in the code, or put together from names written in capitals."""
    if isinstance(pattern, ast.Constant):
        return True
    if isinstance(pattern, ast.Name):
        return pattern.id.isupper()
    if isinstance(pattern, ast.Call) and isinstance(pattern.func, ast.Attribute) and pattern.func.attr == "join":
        return is_ours(pattern.func.value) and is_ours(pattern.args[0])
    if isinstance(pattern, ast.BinOp):
        return is_ours(pattern.left) and is_ours(pattern.right)
    if isinstance(pattern, ast.JoinedStr):
        return all(is_ours(part.value) if isinstance(part, ast.FormattedValue) else True for part in pattern.values)
    return False


def test_what_must_not_be_guessed_comes_from_the_systems_source():
    simulated = {path for path in MODULES if path.startswith("desk/simulation/")}
    assert who_imports("random") - simulated == {"search/slips.py"}, "made-up slips of typing"
    assert "secrets" in imported(MODULES["desk/chain.py"])


def test_what_is_drawn_to_be_secret_has_128_bits_and_more():
    for path, found in calls("token_urlsafe", "token_hex", "token_bytes").items():
        for call in found:
            if ast.unparse(call.args[0]) == "NONCE":
                continue  # It is no secret, and of the length that AES-GCM has.
            size = ast.literal_eval(call.args[0])
            assert size >= 16 or path in ("catalogue/demo_passwords.py", "portal/numbering.py"), (path, call.lineno)


def test_ciphers_and_signatures_come_from_libraries():
    assert who_imports("cryptography") == {"portal/accounts/factor_adapter.py"}
    assert {name for name in imported(MODULES["portal/accounts/factor_adapter.py"]) if "hazmat" in name} == {
        "cryptography.hazmat.primitives.ciphers.aead",
        "cryptography.hazmat.primitives.ciphers.aead.AESGCM",
    }
    assert who_imports("jwt") == {"portal/accounts/checked_provider.py"}
    assert not who_imports("Crypto", "Cryptodome", "nacl")


def test_old_digests_protect_nothing():
    assert not calls("md5")
    for found in calls("sha1").values():
        for call in found:
            assert {word.arg: ast.unparse(word.value) for word in call.keywords}["usedforsecurity"] == "False"


def test_only_these_speak_with_other_machines():
    assert who_imports("requests") == {"portal/accounts/views.py"}, "only for the name of an error"
    assert who_imports("socket") == {"desk/files/scanning.py"}
    assert not who_imports("urllib.request", "http.client", "httpx", "aiohttp", "ftplib", "smtplib", "telnetlib")
    assert who_imports("elasticsearch") == {"search/engines/elastic.py"}


def test_scripts_write_text_and_never_markup():
    wrong = re.compile(
        r"\.(inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(\s*['\"`]"
    )
    assert not {path for path, script in SCRIPTS.items() if wrong.search(script)}


def test_scripts_hear_no_other_window_and_keep_nothing_of_people():
    assert not {
        path for path, script in SCRIPTS.items() if re.search(r"postMessage|onmessage|['\"]message['\"]", script)
    }
    assert not {
        path for path, script in SCRIPTS.items() if re.search(r"sessionStorage|indexedDB|document\.cookie", script)
    }
    assert {path for path, script in SCRIPTS.items() if "localStorage" in script} == {"desk/static/desk/keys.js"}
    assert re.findall(r"setItem\(([^)]*)\)", SCRIPTS["desk/static/desk/keys.js"]) == ['OFF, "1"']


def test_scripts_reach_no_prototype():
    wrong = re.compile(r"__proto__|\.prototype\b|\bfor\s*\([^)]*\bin\b|constructor\[")
    assert not {path for path, script in SCRIPTS.items() if wrong.search(script)}


def test_templates_escape_what_they_show():
    markup = {path: text for path, text in TEMPLATES.items() if not path.endswith(".txt")}
    unescaped = {
        path for path, text in markup.items() if re.search(r"\|\s*safe\b|autoescape\s+(off|false)|safeseq", text)
    }
    assert unescaped == {"portal/templates/portal/procedures/detail.html"}, "the QR code, which we draw"


@pytest.mark.parametrize("old", ["<object", "<embed", "<applet", "classid", "x-shockwave", "activex"])
def test_pages_use_nothing_that_browsers_have_given_up(old):
    assert not {path for path, text in (TEMPLATES | SCRIPTS).items() if old in text.lower()}

"""A text that is put together while its module is read stays in one language for everybody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("catalogue", "search", "desk", "portal")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


def names_of(tree: ast.Module, wanted: tuple[str, ...]) -> set[str]:
    """Return under which names a module knows some functions of Django's translation."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    texts = [node for node in imports if node.module == "django.utils.translation"]
    return {each.asname or each.name for node in texts for each in node.names if each.name in wanted}


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs when the module is read: nothing within a function."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from run_at_import(child)


def is_call_of(node: ast.AST, names: set[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def fixed_texts(path: Path) -> list[str]:
    """Return the lines of a module where a text is fixed when the module is read."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    eager = names_of(tree, ("gettext", "ngettext", "pgettext"))
    lazy = names_of(tree, ("gettext_lazy", "ngettext_lazy", "pgettext_lazy"))
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for node in run_at_import(tree)
        if is_call_of(node, eager)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and is_call_of(node.left, lazy))
    ]


def test_no_text_is_fixed_while_a_module_is_read():
    assert [place for path in MODULES for place in fixed_texts(path)] == []


@pytest.mark.parametrize("line", ['X = _("a") % 1', 'X = now("a")', 'class A:\n    x = f(_("a %s") % 1)'])
def test_a_fixed_text_is_found(line, tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    path = tmp_path / "module.py"
    head = (
        "from django.utils.translation import gettext as now\nfrom django.utils.translation import gettext_lazy as _\n"
    )
    path.write_text(head + line, encoding="utf-8")
    assert fixed_texts(path)

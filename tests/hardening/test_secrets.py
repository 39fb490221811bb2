"""No secret stands in the tree: keys come from the environment. A plain look for what secrets look like, no more."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHAPES = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b"),
    "a token of a code host": re.compile(r"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bglpat-[0-9A-Za-z_-]{20}\b"),
    "a token of a messenger": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{10,}"),
    "a signed token": re.compile(r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}"),
    "a key that is written down": re.compile(
        r"""(?i)(?:secret|api|chain|private)_?key["']?\s*[:=]\s*["'][0-9A-Za-z+/=_!@#$%^&*-]{32,}["']"""
    ),
}
TEXTS = {".py", ".md", ".toml", ".txt", ".in", ".sh", ".json", ".html", ".js", ".yml", ".yaml", ".cfg", ".ini", ""}
LARGEST = 2_000_000
"""Bytes: what is larger is data."""


def tracked() -> list[Path]:
    """Return the files of the tree that are texts."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.suffix in TEXTS and path.is_file() and path.stat().st_size < LARGEST]


def found_in(text: str) -> list[str]:
    """Return the kinds of secrets that a text seems to hold."""
    return [name for name, shape in SHAPES.items() if shape.search(text)]


def test_no_file_holds_what_looks_like_a_secret():
    own = Path(__file__)
    texts = {path: path.read_text(errors="replace") for path in tracked() if path != own}
    assert len(texts) > 500
    assert {str(path.relative_to(ROOT)): found for path, text in texts.items() if (found := found_in(text))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "id = AKIA" + "ABCDEFGHIJKLMNOP",
        "token: ghp_" + "a1B2" * 9,
        'SECRET_KEY = "' + "k9-" * 15 + '"',
    ],
)
def test_what_looks_like_one_is_seen(text):
    assert found_in(text)


def test_no_file_of_an_environment_is_in_the_tree():
    names = [path.name for path in tracked()]
    assert not [name for name in names if name.startswith(".env") or name.endswith((".pem", ".key", ".p12"))]

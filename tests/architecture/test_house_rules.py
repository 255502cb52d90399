"""Rules of the house that no linter knows: names of modules, what they say of themselves, words we never use.

Leaves out who may import whom: that is import-linter's, by the contracts in pyproject.toml.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "coach").rglob("*.py"))
ASSETS = sorted((ROOT / "assets").rglob("*.toml"))

# Names under which anything can hide.
NAMELESS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "misc"}

# The app is no medicine and promises none. "Treatment" may be named, as what others give.
BANNED = re.compile(
    r"\b(cure[sd]?|curing|treat(s|ed|ing)?|(?:clinically|proven)|detox\w*|boost(s|ed|ing)?\s+circulation)\b",
    re.IGNORECASE,
)

MARKS_TEXT = {"_", "N_", "ngettext"}


def name_of(path: Path) -> str:
    """The path as said in a failure: relative to the project."""
    return path.relative_to(ROOT).as_posix()


def texts_in(value: object) -> Iterator[str]:
    """Every text inside what tomllib returns."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)


def marked_calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call in a module that marks text for the user."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS_TEXT:
            yield node


def user_texts(path: Path) -> list[str]:
    """What a person may read or hear from this file."""
    source = path.read_text("utf-8")
    if path.suffix == ".toml":
        return list(texts_in(tomllib.loads(source)))
    return [
        part.value
        for call in marked_calls(ast.parse(source))
        for argument in call.args
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_each_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), "the module needs a docstring"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_each_module_is_named_for_what_it_does(path: Path) -> None:
    assert not NAMELESS.intersection(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES + ASSETS, ids=name_of)
def test_no_text_makes_a_medical_promise(path: Path) -> None:
    assert [text for text in user_texts(path) if BANNED.search(text)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_marked_text_can_be_found_by_translators(path: Path) -> None:
    """A text put together before it is marked is in no catalogue."""
    lines = [
        call.lineno
        for call in marked_calls(ast.parse(path.read_text("utf-8")))
        if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in call.args[:2])
    ]
    assert lines == [], "format the text after translating it"


def test_there_is_something_to_check() -> None:
    assert MODULES
    assert {"exercises", "plans"} <= {path.parent.name for path in ASSETS}
    assert sum(len(user_texts(path)) for path in MODULES + ASSETS) > 100


@pytest.mark.parametrize(
    "promise",
    [
        "This cures cramp.",
        "It treats restless legs",
        "Clinically tested",
        "PROVEN to help",
        "a detoxing bath",
        "boosts circulation",
    ],
)
def test_a_medical_promise_is_noticed(promise: str) -> None:
    assert BANNED.search(promise)


@pytest.mark.parametrize(
    "plain", ["Keep the pelvis secure.", "Ask about treatment.", "a retreat", "an obscure ache"]
)
def test_plain_words_are_left_alone(plain: str) -> None:
    assert not BANNED.search(plain)

"""Writes plans as TOML: a hand-written file keeps its comments and its order as far as possible.

It leaves out where the text goes, and whether the plan can run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from coach.domain.exercise import Cues, Exercise, Posture, Side
from coach.domain.plan import Plan, Step
from coach.storage.plan_toml import FORMAT
from coach.storage.toml_reading import headers

T = TypeVar("T")
# Values of a plan file, by key; a key that is left out has its default.
Values = dict[str, Any]

_HEAD = ("format", "id", "name", "description", "rest")
_PLURAL = ("steps", "exercises")


def as_text(plan: Plan, *, with_id: bool = True) -> str:
    """The plan as a new file."""
    parts = [_block("", _values_of_plan(plan, with_id=with_id))]
    parts += [_block("[[steps]]", values_of_step(step)) for step in plan.steps]
    parts += [_block("[[exercises]]", values_of_exercise(one)) for one in plan.exercises]
    return "\n".join(parts)


def merged(plan: Plan, before: Plan, text: str, *, with_id: bool = True) -> str | None:
    """The plan in the words of `text`, that holds `before`: only what changed is written anew.

    A step that is moved takes the comments above it along. None when the file is written in a way that
    leaves no room for that, such as steps between brackets on one line.
    """
    if plan == before and (not with_id or f'"{plan.id}"' in text):
        return text
    ending = "\r\n" if "\r\n" in text else "\n"
    blocks = _blocks(text.replace("\r\n", "\n"))
    if blocks is None:
        return None
    if len(blocks.steps) != len(before.steps) or len(blocks.exercises) != len(before.exercises):
        return None
    old = _values_of_plan(before, with_id="id" in blocks.head_keys)
    head = _edited(blocks.head, old, _values_of_plan(plan, with_id=with_id or "id" in blocks.head_keys))
    steps = _arranged(plan.steps, before.steps, blocks.steps, "steps", values_of_step, _same_exercise)
    own = _arranged(
        plan.exercises, before.exercises, blocks.exercises, "exercises", values_of_exercise, _same_id
    )
    groups = [own, steps] if blocks.exercises_first else [steps, own]
    made = _joined([head, *groups[0], *groups[1]], spaced="\n\n" in blocks.text)
    return made.replace("\n", ending)


def canonical(plan: Plan) -> Plan:
    """The plan without what its file says nothing about, to compare two of them."""
    own = tuple(
        Exercise(
            one.id, one.name, one.name, one.kind, one.postures or (Posture.CHAIR,), one.sided, 0, one.seconds,
            one.cues, stop=one.stop, picture=one.picture, own=True,
        )
        for one in plan.exercises
    )  # fmt: skip
    steps = tuple(replace(step, sides=_sorted(step.sides)) for step in plan.steps)
    return replace(plan, exercises=own, steps=steps)


def _sorted(sides: Sequence[Side]) -> tuple[Side, ...]:
    return tuple(side for side in Side if side in sides)


# -------------------------------------------------------------------- plans as values


def _values_of_plan(plan: Plan, *, with_id: bool) -> Values:
    values: Values = {"format": FORMAT}
    if with_id:
        values["id"] = plan.id
    values["name"] = plan.name
    if plan.description:
        values["description"] = plan.description
    if plan.rest:
        values["rest"] = plan.rest
    return values


def values_of_step(step: Step) -> Values:
    """What a file says about a step."""
    values: Values = {"exercise": step.exercise}
    if step.seconds is not None:
        values["seconds"] = step.seconds
    if step.wait:
        values["wait"] = True
    if len(step.sides) == 1:
        values["sides"] = step.sides[0].value
    if step.rounds != 1:
        values["rounds"] = step.rounds
    if step.rest:
        values["rest"] = step.rest
    if step.extra is not None:
        values["extra"] = {"side": step.extra.side.value, "seconds": step.extra.seconds}
    if step.posture is not None:
        values["posture"] = step.posture.value
    if step.note:
        values["note"] = step.note
    return values


def values_of_exercise(one: Exercise) -> Values:
    """What a file says about an exercise of the plan's own."""
    values: Values = {
        "id": one.id,
        "name": one.name,
        "kind": one.kind.value,
        "postures": [posture.value for posture in one.postures],
        "sides": one.sided,
        "seconds": one.seconds,
        "cues": _cues(one.cues),
    }
    if one.stop:
        values["stop"] = list(one.stop)
    if one.picture:
        values["picture"] = one.picture
    return values


def _cues(cues: Cues) -> list[str] | Values:
    if not cues.hold and not cues.release:
        return list(cues.setup)
    values: Values = {"setup": list(cues.setup), "hold": list(cues.hold)}
    if cues.release:
        values["release"] = cues.release
    return values


# -------------------------------------------------------------------- values as TOML


def _block(header: str, values: Values) -> str:
    lines = [header] if header else []
    lines += [f"{key} = {_literal(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def _literal(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case list():
            inner = ", ".join(_literal(one) for one in value)
            if len(inner) < 90:
                return f"[{inner}]"
            return "[\n" + "".join(f"    {_literal(one)},\n" for one in value) + "]"
        case dict():
            return "{ " + ", ".join(f"{key} = {_literal(one)}" for key, one in value.items()) + " }"
        case _:
            return str(value)


# -------------------------------------------------------------------- a file as its blocks


@dataclass(frozen=True)
class _Blocks:
    """The text of a file in pieces; each step and exercise with the comments right above it."""

    text: str
    head: str
    head_keys: frozenset[str]
    steps: tuple[str, ...]
    exercises: tuple[str, ...]
    exercises_first: bool


def _blocks(text: str) -> _Blocks | None:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    starts: list[tuple[str, int]] = []
    for where, at in headers(text):
        if len(where) == 2 and where[0] in _PLURAL:
            starts.append((str(where[0]), _with_comments(text, at)))
        elif not starts or where[0] != starts[-1][0]:
            return None  # a table of its own between the steps
    cuts = [at for _kind, at in starts] + [len(text)]
    head = text[: cuts[0]]
    pieces: dict[str, list[str]] = {kind: [] for kind in _PLURAL}
    for (kind, _at), start, end in zip(starts, cuts[:-1], cuts[1:], strict=True):
        pieces[kind].append(text[start:end])
    try:
        keys = frozenset(tomlkit.parse(head))
    except (TOMLKitError, ValueError, RecursionError):
        return None
    if keys & set(_PLURAL):
        return None
    first = bool(starts) and starts[0][0] == "exercises"
    return _Blocks(text, head, keys, tuple(pieces["steps"]), tuple(pieces["exercises"]), first)


def _with_comments(text: str, at: int) -> int:
    """Where the comment lines right above the line at `at` begin."""
    start = text.rfind("\n", 0, at) + 1
    while start > 0:
        before = text.rfind("\n", 0, start - 1) + 1
        if not text[before : start - 1].lstrip().startswith("#"):
            break
        start = before
    return start


def _arranged(
    now: Sequence[T],
    before: Sequence[T],
    blocks: Sequence[str],
    kind: str,
    values: Any,
    same: Any,
) -> list[str]:
    """A block for each of `now`: the one it had, one of its like with the changes, or a new one."""
    free: dict[int, T] = dict(enumerate(before))
    chosen: list[int | None] = [None] * len(now)
    for is_like in (lambda one, other: one == other, same):
        for place, one in enumerate(now):
            if chosen[place] is None:
                found = _closest(place, [number for number, other in free.items() if is_like(one, other)])
                if found is not None:
                    chosen[place] = found
                    del free[found]
    made: list[str] = []
    for one, number in zip(now, chosen, strict=True):
        if number is None:
            made.append(_block(f"[[{kind}]]", values(one)))
        else:
            made.append(_edited(blocks[number], values(before[number]), values(one), kind))
    return made


def _closest(place: int, numbers: Sequence[int]) -> int | None:
    return min(numbers, key=lambda number: abs(number - place), default=None)


def _same_exercise(one: Step, other: Step) -> bool:
    return one.exercise == other.exercise


def _same_id(one: Exercise, other: Exercise) -> bool:
    return one.id == other.id


def _edited(text: str, old: Values, new: Values, kind: str | None = None) -> str:
    """`text` with the keys changed that differ; untouched, to the letter, when none does."""
    if old == new:
        return text
    import tomlkit

    body = text.rstrip()
    document = tomlkit.parse(body + "\n")
    table: Any = document if kind is None else document[kind][0]
    for key in old.keys() - new.keys():
        if key in table:
            table.remove(key)
    for key, value in new.items():
        if key in old and old[key] == value:
            continue
        item = tomlkit.parse(f"x = {_literal(value)}\n")["x"]
        if key in table and not _is_table(table[key]):
            table[key] = item
        else:
            if key in table:
                table.remove(key)
            table.append(key, item)
    return tomlkit.dumps(document).rstrip() + (text[len(body) :] or "\n")


def _is_table(value: object) -> bool:
    from tomlkit.items import Table

    return isinstance(value, Table)


def _joined(parts: Sequence[str], *, spaced: bool) -> str:
    """The blocks one after the other; in a `spaced` file with an empty line between those that had none."""
    text = ""
    for part in parts:
        if text and not text.endswith("\n"):
            text += "\n"
        if spaced and text and part.strip() and not text.endswith("\n\n") and not part.startswith("\n"):
            text += "\n"
        text += part
    return text.rstrip("\n") + "\n"


def pictures_in(plan: Plan) -> Iterator[str]:
    """The pictures of a plan, each once."""
    yield from dict.fromkeys(one.picture for one in plan.exercises if one.picture)


def with_pictures(plan: Plan, names: Mapping[str, str]) -> Plan:
    """The plan with its pictures called by other names."""
    own = tuple(replace(one, picture=names.get(one.picture, one.picture)) for one in plan.exercises)
    return replace(plan, exercises=own)

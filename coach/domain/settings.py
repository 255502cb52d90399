"""The settings: their names, types, defaults, limits and one sentence each.

It leaves out the file they are kept in and the page they are shown on; both follow from the schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from coach.domain.cues import DEFAULT_RATE, FASTEST_RATE, SLOWEST_RATE
from coach.domain.plan import nearest
from coach.i18n import N_, Line


def _setting(
    default: object,
    sentence: str,
    *,
    choices: tuple[object, ...] = (),
    low: int = 0,
    high: int = 0,
    size: int = 0,
) -> Any:
    """One setting: a value of the default's type, from `choices` or from `low` to `high`, or `size` long."""
    meta = {"sentence": sentence, "choices": choices, "low": low, "high": high, "size": size}
    return field(default=default, metadata=meta)


@dataclass(frozen=True)
class Settings:
    """What the user chose. Every field has a default that works."""

    theme: str = _setting(
        "auto",
        N_("Light by day, dark in the evening, or one of them always."),
        choices=("auto", "light", "dark", "night"),
    )
    text_size: int = _setting(100, N_("Size of all text, in percent."), choices=(100, 115, 130, 150))
    reduced_motion: bool = _setting(False, N_("Keep the figure and the ring still between steps."))
    voice: bool = _setting(True, N_("Speak the cues aloud."))
    voice_id: str = _setting("", N_("The voice that speaks; empty for the usual one."), size=200)
    voice_rate: int = _setting(
        DEFAULT_RATE, N_("Speed of the voice, in words a minute."), low=SLOWEST_RATE, high=FASTEST_RATE
    )
    volume: int = _setting(60, N_("Loudness of voice and tones, in percent."), low=0, high=100)
    captions: bool = _setting(True, N_("Show what is said in words."))
    wait_for_me: bool = _setting(False, N_("Begin each exercise when you say so, instead of counting."))
    plan: str = _setting("bedtime", N_("The plan for tonight."), size=200)


def check(name: str, value: object) -> Line | None:
    """What is wrong with `value` for the setting `name`, or None if it may be stored."""
    known = {one.name: one for one in fields(Settings)}
    if name not in known:
        near = nearest(name, known)
        if near is None:
            return Line(N_("There is no setting called “{name}”."), (("name", name),))
        return Line(
            N_("There is no setting called “{name}”. Did you mean “{near}”?"),
            (("name", name), ("near", near)),
        )
    default, meta = known[name].default, known[name].metadata
    if type(value) is not type(default):
        kinds = {bool: N_("yes or no"), int: N_("a whole number"), str: N_("text")}
        return Line(N_("“{name}” must be {kind}."), (("name", name), ("kind", kinds[type(default)])))
    if meta["choices"] and value not in meta["choices"]:
        allowed = ", ".join(str(one) for one in meta["choices"])
        return Line(N_("“{name}” must be one of: {allowed}."), (("name", name), ("allowed", allowed)))
    if isinstance(value, int) and meta["high"] and not meta["low"] <= value <= meta["high"]:
        return Line(
            N_("“{name}” must be from {low} to {high}."),
            (("name", name), ("low", str(meta["low"])), ("high", str(meta["high"]))),
        )
    if isinstance(value, str) and meta["size"] and (len(value) > meta["size"] or not value.isprintable()):
        return Line(N_("“{name}” is too long or has characters that cannot be shown."), (("name", name),))
    return None


def repaired(values: Mapping[str, object]) -> tuple[Settings, list[Line]]:
    """Settings from stored values: what is wrong falls back to its default and is reported."""
    good: dict[str, Any] = {}
    found: list[Line] = []
    for name, value in values.items():
        wrong = check(name, value)
        if wrong is None:
            good[name] = value
        else:
            found.append(wrong)
    return Settings(**good), found

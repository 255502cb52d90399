"""The settings: their names, types, defaults, limits and one sentence each.

It leaves out the file they are kept in and the page they are shown on; both follow from the schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from enum import Enum
from functools import cache
from typing import Any

from coach.i18n import N_, Line

# Words a minute (architecture 4).
SLOWEST_RATE, DEFAULT_RATE, FASTEST_RATE = 120, 140, 200


class Group(Enum):
    """The groups of the settings page, in its order."""

    APPEARANCE = N_("Appearance")
    SESSION = N_("Session")
    VOICE = N_("Voice and sound")
    EVENING = N_("Evening")


@dataclass(frozen=True)
class Spec:
    """What is known about one setting. Texts are marked templates.

    A value has the type of `default`; it is one of `choices` (their words in `words`), or a number from `low`
    to `high` in steps of `step`, or a text of at most `size` characters. `clock` texts are times, "22:00".
    `unit` follows the number. Without a `group` it is chosen elsewhere than on the settings page. It means
    nothing while the switch that it `needs` is off.
    """

    name: str
    default: object
    label: str
    sentence: str
    group: Group | None
    choices: tuple[object, ...]
    words: tuple[str, ...]
    low: int
    high: int
    step: int
    size: int
    unit: str
    clock: bool
    needs: str


def _setting(
    default: object,
    label: str,
    sentence: str,
    group: Group | None = None,
    *,
    choices: tuple[object, ...] = (),
    words: tuple[str, ...] = (),
    low: int = 0,
    high: int = 0,
    step: int = 1,
    size: int = 0,
    unit: str = "",
    clock: bool = False,
    needs: str = "",
) -> Any:
    """One setting; see Spec."""
    meta = {
        "label": label,
        "sentence": sentence,
        "group": group,
        "choices": choices,
        "words": words,
        "low": low,
        "high": high,
        "step": step,
        "size": size,
        "unit": unit,
        "clock": clock,
        "needs": needs,
    }
    return field(default=default, metadata=meta)


_PERCENT = N_("{n} %")
_MINUTES = N_("{n} min")


@dataclass(frozen=True)
class Settings:
    """What the user chose. Every field has a default that works."""

    # ---- appearance
    theme: str = _setting(
        "auto",
        N_("Light"),
        N_("Light by day, dark in the evening, or one of them always."),
        Group.APPEARANCE,
        choices=("auto", "light", "dark", "night"),
        words=(N_("By the clock"), N_("Daylight"), N_("Evening"), N_("Night")),
    )
    text_size: int = _setting(
        100,
        N_("Text size"),
        N_("How large all text is."),
        Group.APPEARANCE,
        choices=(100, 115, 130, 150),
        words=(N_("100 %"), N_("115 %"), N_("130 %"), N_("150 %")),
    )
    reduced_motion: bool = _setting(
        False,
        N_("Less motion"),
        N_("Keep the figure and the ring still between steps."),
        Group.APPEARANCE,
    )
    # ---- session
    wait_for_me: bool = _setting(
        False,
        N_("Wait for me"),
        N_("Begin each exercise when you say so, instead of counting."),
        Group.SESSION,
    )
    setup_time: int = _setting(
        100,
        N_("Time to get ready"),
        N_("How long you have to get into place before each exercise."),
        Group.SESSION,
        choices=(100, 150, 200),
        words=(N_("Usual"), N_("Half as long again"), N_("Twice as long")),
    )
    count_in: str = _setting(
        "seconds",
        N_("Count holds in"),
        N_("What the digits show while you hold. A slow breath is ten seconds."),
        Group.SESSION,
        choices=("seconds", "breaths"),
        words=(N_("Seconds"), N_("Breaths")),
    )
    captions: bool = _setting(True, N_("Captions"), N_("Show what is said in words."), Group.SESSION)
    pause_players: bool = _setting(
        False,
        N_("Pause my music"),
        N_("Pause players that are playing while a session runs, and let them go on afterwards."),
        Group.SESSION,
    )
    # ---- voice and sound
    voice: bool = _setting(
        True, N_("Spoken guidance"), N_("Speak the cues aloud. Every word can also be read."), Group.VOICE
    )
    voice_id: str = _setting(
        "", N_("Voice"), N_("The voice that speaks. Made on this computer."), Group.VOICE, size=200
    )
    voice_detail: str = _setting(
        "normal",
        N_("How much it says"),
        N_("Few: names, sides and counts. All: the whole advice in every round."),
        Group.VOICE,
        choices=("few", "normal", "all"),
        words=(N_("Few"), N_("Normal"), N_("All")),
    )
    voice_rate: int = _setting(
        DEFAULT_RATE,
        N_("Speed of speech"),
        N_("Words a minute. Slow is easier to follow with eyes closed."),
        Group.VOICE,
        low=SLOWEST_RATE,
        high=FASTEST_RATE,
        step=5,
    )
    count_last: bool = _setting(
        False, N_("Count the end aloud"), N_("Say three, two, one before a hold is over."), Group.VOICE
    )
    volume: int = _setting(
        60,
        N_("Voice volume"),
        N_("Its own level; the computer’s stays as it is."),
        Group.VOICE,
        low=0,
        high=100,
        step=5,
        unit=_PERCENT,
    )
    chimes: int = _setting(
        100,
        N_("Chimes"),
        N_("Loudness of the soft tones, beside the voice."),
        Group.VOICE,
        low=0,
        high=100,
        step=5,
        unit=_PERCENT,
    )
    whisper: bool = _setting(
        True,
        N_("Whisper late"),
        N_("In the hours below the voice is at most a quarter as loud, without chimes."),
        Group.VOICE,
    )
    whisper_from: str = _setting(
        "23:00",
        N_("Whisper from"),
        N_("When the quiet hours begin."),
        Group.VOICE,
        size=5,
        clock=True,
        needs="whisper",
    )
    whisper_to: str = _setting(
        "07:00",
        N_("Whisper until"),
        N_("When the quiet hours end."),
        Group.VOICE,
        size=5,
        clock=True,
        needs="whisper",
    )
    # ---- evening
    plan: str = _setting("bedtime", N_("Plan"), N_("The plan for tonight."), size=200)
    snooze_minutes: int = _setting(
        10,
        N_("Snooze"),
        N_("How long a reminder waits when you ask for later, or give no answer."),
        Group.EVENING,
        low=5,
        high=30,
        step=5,
        unit=_MINUTES,
    )
    snooze_times: int = _setting(
        2,
        N_("Snooze at most"),
        N_("How often it may come again, then it is quiet until tomorrow."),
        Group.EVENING,
        choices=(0, 1, 2),
        words=(N_("Never"), N_("Once"), N_("Twice")),
    )
    grace_minutes: int = _setting(
        120,
        N_("Late reminders"),
        N_("How late a reminder may still come after the computer slept."),
        Group.EVENING,
        low=0,
        high=240,
        step=15,
        unit=_MINUTES,
    )
    partly_counts: bool = _setting(
        True,
        N_("Partly done is done"),
        N_("A session you left early keeps the reminder silent too."),
        Group.EVENING,
    )
    reminder_chime: bool = _setting(
        True, N_("Soft chime"), N_("One quiet tone with the reminder."), Group.EVENING
    )
    chime_until: str = _setting(
        "22:00",
        N_("Chime until"),
        N_("Later than this reminders make no sound."),
        Group.EVENING,
        size=5,
        clock=True,
        needs="reminder_chime",
    )
    wait_when_quiet: bool = _setting(
        True,
        N_("Respect Do not disturb"),
        N_("Hold a reminder back until the desktop may be disturbed again, or until bedtime."),
        Group.EVENING,
    )
    wait_for_films: bool = _setting(
        True,
        N_("Wait during films and calls"),
        N_("Hold a reminder back while a film, a call or a game keeps the screen awake."),
        Group.EVENING,
    )
    keep_running: bool = _setting(
        True,
        N_("Go on without a window"),
        N_("Closing the window leaves the reminders running."),
        Group.EVENING,
    )


_LONGEST_NAME = 40
"""Characters of a foreign name that a sentence repeats."""


@cache
def specs() -> tuple[Spec, ...]:
    """Everything there is to know about every setting, in order."""
    return tuple(Spec(name=one.name, default=one.default, **one.metadata) for one in fields(Settings))


def names_in(group: Group) -> tuple[str, ...]:
    """The settings of one group of the page, in order."""
    return tuple(one.name for one in specs() if one.group is group)


def find(name: str) -> Spec | None:
    """What is known about one setting, or None if there is none of that name."""
    return next((one for one in specs() if one.name == name), None)


def whispers(settings: Settings, at: time) -> bool:
    """Whether local `at` lies in the hours in which the voice whispers; they may go over midnight."""
    start, end = time.fromisoformat(settings.whisper_from), time.fromisoformat(settings.whisper_to)
    if not settings.whisper or start == end:
        return False
    return start <= at < end if start < end else at >= start or at < end


def check(name: str, value: object) -> Line | None:
    """What is wrong with `value` for the setting `name`, or None if it may be stored."""
    spec = find(name)
    if spec is None:
        return _unknown(name)
    said = ("name", name)
    if type(value) is not type(spec.default):
        kinds = {bool: N_("yes or no"), int: N_("a whole number"), str: N_("text")}
        return Line(N_("“{name}” must be {kind}."), (said, ("kind", kinds[type(spec.default)])))
    if spec.choices and value not in spec.choices:
        return Line(N_("“{name}” must be one of: {allowed}."), (said, ("allowed", _allowed(spec))))
    if isinstance(value, int) and spec.high and not spec.low <= value <= spec.high:
        limits = (("low", str(spec.low)), ("high", str(spec.high)))
        return Line(N_("“{name}” must be from {low} to {high}."), (said, *limits))
    if isinstance(value, str) and spec.clock and not _is_clock(value):
        return Line(N_("“{name}” must be a time such as 22:30."), (said,))
    if isinstance(value, str) and spec.size and (len(value) > spec.size or not value.isprintable()):
        return Line(N_("“{name}” is too long or has characters that cannot be shown."), (said,))
    return None


def _unknown(name: str) -> Line:
    """That there is no setting of this name, whatever the name is made of; and the one it is most like."""
    known = [one.name for one in fields(Settings)]
    # Only names of a sane length are compared: that takes time by the square of the length.
    from coach.domain.plan import nearest  # a wrong name is rare, and plans take their time to load

    near = nearest(name, known) if len(name) <= _LONGEST_NAME else None
    shown = "".join(one if one.isprintable() else "?" for one in name[:_LONGEST_NAME])
    said = ("name", shown if len(name) <= _LONGEST_NAME else f"{shown}…")
    if near is None:
        return Line(N_("There is no setting called “{name}”."), (said,))
    return Line(N_("There is no setting called “{name}”. Did you mean “{near}”?"), (said, ("near", near)))


def _allowed(spec: Spec) -> str:
    return ", ".join(str(one) for one in spec.choices)


def _is_clock(text: str) -> bool:
    try:
        return time.fromisoformat(text).strftime("%H:%M") == text
    except ValueError:
        return False


_YES = ("yes", "on", "true")
_NO = ("no", "off", "false")


def read(name: str, text: str) -> tuple[object, Line | None]:
    """The value that `text` stands for, as it is typed on a command line; or what is wrong with it.

    Yes and no are also on and off or true and false, a number may carry its percent sign, and "9:30" is a
    time. Nothing that comes back without a sentence is refused by `check`.
    """
    spec = find(name)
    if spec is None:
        return None, _unknown(name)
    word = text.strip()
    value: object = text if spec.size and not spec.clock else word
    if isinstance(spec.default, bool):
        low = word.lower()
        value = True if low in _YES else False if low in _NO else None
    elif isinstance(spec.default, int):
        found = re.fullmatch(r"([+-]?[0-9]{1,9}) ?%?", word)
        value = int(found[1]) if found else None
    elif spec.clock:
        found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", word)
        value = f"{int(found[1]):02}:{found[2]}" if found else word
    elif spec.choices:
        value = word.lower()
        from coach.domain.plan import nearest

        near = nearest(word[:_LONGEST_NAME], [str(one) for one in spec.choices])
        if value not in spec.choices and near is not None:
            sentence = N_("“{name}” must be one of: {allowed}. Did you mean “{near}”?")
            return None, Line(sentence, (("name", name), ("allowed", _allowed(spec)), ("near", near)))
    wrong = check(name, value)
    return (None, wrong) if wrong is not None else (value, None)


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

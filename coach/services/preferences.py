"""The user's settings: read once, changed one by one, kept at once, undone and reset.

It leaves out the file format and the page that shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from coach.domain import settings as rules
from coach.domain.settings import Group, Settings
from coach.i18n import N_, Line
from coach.services.ports import Store, StoreError
from coach.services.topic import Topic

MOST_UNDONE = 50
"""So many changes can be taken back."""
MOST_FOREIGN = 100
"""So many settings that are not known here, as a newer version has, are kept as they were."""
LONGEST_FOREIGN = 4096
"""And none of them that is longer than this, in characters."""
_MOST_SAID = 5


class Preferences:
    """Settings that always work: what is damaged falls back to its default and is reported."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settings: Settings | None = None
        self._foreign: dict[str, object] = {}
        self._repairs: list[Line] = []
        self._past: list[dict[str, object]] = []
        self.changed: Topic[Settings] = Topic()

    @property
    def settings(self) -> Settings:
        """The settings now."""
        return self._load()

    @property
    def repairs(self) -> Sequence[Line]:
        """What was wrong in the stored settings, for saying so; nothing any more once they were tidied."""
        self._load()
        return tuple(self._repairs)

    def _load(self) -> Settings:
        if self._settings is None:
            values, damaged = self._store.load()
            known = {name: value for name, value in values.items() if rules.find(name) is not None}
            foreign = {name: value for name, value in values.items() if name not in known}
            self._settings, wrong = rules.repaired(known)
            self._foreign = _bounded(foreign)
            usual = [Line(N_("For these settings the usual values are taken."))] if wrong else []
            self._repairs = [*([damaged] if damaged else []), *wrong, *usual, *self._strange(foreign)]
        return self._settings

    def _strange(self, foreign: Mapping[str, object]) -> list[Line]:
        """What to say about settings that are not known here."""
        said = [line for name in list(foreign)[:_MOST_SAID] if (line := rules.check(name, foreign[name]))]
        if len(foreign) > _MOST_SAID:
            more = (("n", str(len(foreign) - _MOST_SAID)),)
            said.append(Line(N_("And {n} more settings that are not known here."), more))
        if self._foreign:
            said.append(Line(N_("What is not known here is kept as it is.")))
        return said

    # ---------------------------------------------------------------- changing

    def change(self, name: str, value: object) -> Line | None:
        """Set one setting and keep it. Returns what is wrong; a value that is wrong changes nothing."""
        wrong = rules.check(name, value)
        return wrong if wrong is not None else self._set({name: value})

    def is_changed(self, name: str) -> bool:
        """Whether this setting is other than usual; never for one that there is not."""
        spec = rules.find(name)
        return spec is not None and getattr(self.settings, name) != spec.default

    def reset(self, name: str) -> Line | None:
        """Set one setting back to its usual value. Returns what is wrong."""
        spec = rules.find(name)
        return self.change(name, None if spec is None else spec.default)

    def reset_group(self, group: Group) -> Line | None:
        """Set all settings of one group back, as one change."""
        return self._set(_usual(rules.names_in(group)))

    def reset_all(self) -> Line | None:
        """Set everything back that can be set, as one change."""
        return self._set(asdict(Settings()))

    def tidy(self) -> Line | None:
        """Write down the settings as they hold, without what was wrong or not known here, and say so no more.

        Returns what went wrong.
        """
        self._load()
        self._foreign = {}
        self._repairs = []
        return self._save()

    def _set(self, values: Mapping[str, object]) -> Line | None:
        before = self.settings
        past = {name: old for name, value in values.items() if (old := getattr(before, name)) != value}
        if not past:
            return None
        self._remember(past, values)
        return self._take(values)

    def _take(self, values: Mapping[str, object]) -> Line | None:
        changes: dict[str, Any] = dict(values)
        self._settings = replace(self.settings, **changes)
        self.changed.publish(self._settings)
        return self._save()

    def _save(self) -> Line | None:
        plain = asdict(Settings())
        mine = {k: v for k, v in asdict(self.settings).items() if v != plain[k]}
        try:
            self._store.save({**self._foreign, **mine})
        except StoreError as error:
            return error.line
        return None

    # ---------------------------------------------------------------- taking back

    @property
    def last_change(self) -> tuple[str, ...]:
        """The settings that `undo` would set back; none when there is nothing to take back."""
        return tuple(self._past[-1]) if self._past else ()

    def undo(self) -> Line | None:
        """Take the last change back, and keep that. Returns what is wrong; nothing to undo is fine.

        Steps of one amount or time right after each other are one change.
        """
        if not self._past:
            return None
        return self._take(self._past.pop())

    def _remember(self, past: dict[str, object], values: Mapping[str, object]) -> None:
        """Note what held before. What is chosen elsewhere than among the settings is not taken back there."""
        if not any(one.group is not None for one in map(rules.find, past) if one is not None):
            return
        if self.last_change == tuple(past) and all(_steps(name) for name in past):
            if self._past[-1] == {name: values[name] for name in past}:
                self._past.pop()  # back where it was
            return
        self._past = [*self._past, past][-MOST_UNDONE:]


def _steps(name: str) -> bool:
    """Whether this setting is set in steps: an amount, or a time."""
    spec = rules.find(name)
    return spec is not None and (spec.high > 0 or spec.clock)


def _usual(names: Sequence[str]) -> dict[str, object]:
    plain = asdict(Settings())
    return {name: plain[name] for name in names}


def _bounded(foreign: Mapping[str, object]) -> dict[str, object]:
    """What is not known here, as far as it is kept."""
    short = {
        name: value for name, value in foreign.items() if len(name) + len(repr(value)) <= LONGEST_FOREIGN
    }
    return {name: short[name] for name in list(short)[:MOST_FOREIGN]}

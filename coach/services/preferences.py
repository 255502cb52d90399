"""The user's settings: read once, changed one by one, kept at once.

It leaves out the file format and the page that shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from coach.domain import settings as rules
from coach.domain.settings import Settings
from coach.i18n import N_, Line
from coach.services.ports import Store, StoreError
from coach.services.topic import Topic


class Preferences:
    """Settings that always work: what is damaged falls back to its default and is reported."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settings: Settings | None = None
        self._repairs: list[Line] = []
        self.changed: Topic[Settings] = Topic()

    @property
    def settings(self) -> Settings:
        """The settings now."""
        return self._load()

    @property
    def repairs(self) -> Sequence[Line]:
        """What was wrong in the stored settings, for saying so once."""
        self._load()
        return tuple(self._repairs)

    def _load(self) -> Settings:
        if self._settings is None:
            values, damaged = self._store.load()
            self._settings, wrong = rules.repaired(values)
            usual = [Line(N_("For these settings the usual values are taken."))] if wrong else []
            self._repairs = [*([damaged] if damaged else []), *wrong, *usual]
        return self._settings

    def change(self, name: str, value: object) -> Line | None:
        """Set one setting and keep it. Returns what is wrong; a value that is wrong changes nothing."""
        wrong = rules.check(name, value)
        if wrong is not None:
            return wrong
        before = self.settings
        self._settings = replace(before, **{name: value})  # type: ignore[arg-type]
        if self._settings == before:
            return None
        self.changed.publish(self._settings)
        try:
            plain = asdict(Settings())
            self._store.save({k: v for k, v in asdict(self._settings).items() if v != plain[k]})
        except StoreError as error:
            return error.line
        return None

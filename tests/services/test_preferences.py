"""Settings are read once, changed one by one and kept at once."""

from __future__ import annotations

from coach.domain.settings import Settings
from coach.i18n import Line, render
from coach.services.preferences import Preferences
from tests.fakes import FakeStore


def test_without_a_file_the_defaults_hold() -> None:
    preferences = Preferences(FakeStore())
    assert preferences.settings == Settings() and preferences.repairs == ()


def test_a_change_is_kept_and_told() -> None:
    store = FakeStore()
    preferences = Preferences(store)
    seen: list[int] = []
    preferences.changed.subscribe(lambda settings: seen.append(settings.volume))
    assert preferences.change("volume", 30) is None
    assert store.values == {"volume": 30} and seen == [30]
    assert preferences.change("volume", 30) is None
    assert seen == [30]


def test_what_is_back_at_its_default_is_not_stored() -> None:
    store = FakeStore({"volume": 30})
    preferences = Preferences(store)
    preferences.change("volume", Settings().volume)
    assert store.values == {}


def test_a_wrong_value_changes_nothing() -> None:
    preferences = Preferences(FakeStore())
    wrong = preferences.change("volume", 1000)
    assert wrong is not None and "0 to 100" in render(wrong)
    assert preferences.settings == Settings()


def test_damage_is_repaired_and_said() -> None:
    preferences = Preferences(FakeStore({"volume": "loud", "captions": False}, Line("The file was damaged.")))
    assert not preferences.settings.captions
    assert [render(line) for line in preferences.repairs] == [
        "The file was damaged.",
        "“volume” must be a whole number.",
        "For these settings the usual values are taken.",
    ]


def test_a_setting_that_cannot_be_stored_holds_for_now_and_is_said() -> None:
    store = FakeStore()
    store.broken = True
    preferences = Preferences(store)
    line = preferences.change("volume", 30)
    assert line is not None and render(line) == "The settings cannot be written."
    assert preferences.settings.volume == 30

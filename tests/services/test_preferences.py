"""Settings are read once, changed one by one and kept at once."""

from __future__ import annotations

from coach.domain.settings import Group, Settings
from coach.i18n import Line, render
from coach.services.preferences import LONGEST_FOREIGN, MOST_FOREIGN, MOST_UNDONE, Preferences
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


def said(preferences: Preferences) -> list[str]:
    return [render(line) for line in preferences.repairs]


# ---------------------------------------------------------------- what is not known here


def test_settings_of_a_newer_version_are_said_and_not_lost() -> None:
    store = FakeStore({"volume": 30, "bell_tower": [1, {"deep": True}], "captions": 7})
    preferences = Preferences(store)
    assert said(preferences) == [
        "“captions” must be yes or no.",
        "For these settings the usual values are taken.",
        "There is no setting called “bell_tower”.",
        "What is not known here is kept as it is.",
    ]
    preferences.change("volume", 40)
    assert store.values == {"bell_tower": [1, {"deep": True}], "volume": 40}
    preferences.reset_all()
    assert store.values == {"bell_tower": [1, {"deep": True}]}


def test_a_flood_of_unknown_settings_is_bounded_and_said_in_a_few_lines() -> None:
    flood: dict[str, object] = {f"strange_{n}": n for n in range(3 * MOST_FOREIGN)}
    store = FakeStore({"huge": "x" * (LONGEST_FOREIGN + 1), **flood})
    preferences = Preferences(store)
    assert len(said(preferences)) == 7 and "And 296 more settings that are not known here." in said(
        preferences
    )
    preferences.change("volume", 40)
    assert len(store.values) == MOST_FOREIGN + 1 and "huge" not in store.values


def test_only_what_is_too_large_is_not_said_to_be_kept() -> None:
    preferences = Preferences(FakeStore({"huge": "x" * (LONGEST_FOREIGN + 1)}))
    assert said(preferences) == ["There is no setting called “huge”."]


def test_tidied_settings_are_written_as_they_hold_and_nothing_is_said_any_more() -> None:
    store = FakeStore({"volume": 30, "bell_tower": 1, "captions": 7})
    preferences = Preferences(store)
    assert preferences.tidy() is None
    assert preferences.repairs == () and store.values == {"volume": 30}
    assert preferences.settings.volume == 30


# ---------------------------------------------------------------- resetting


def test_one_setting_or_a_group_goes_back_to_what_is_usual() -> None:
    store = FakeStore({"volume": 30, "captions": False, "whisper_from": "21:00", "plan": "mine"})
    preferences = Preferences(store)
    assert preferences.is_changed("volume") and not preferences.is_changed("voice")
    assert preferences.reset("captions") is None
    assert store.values == {"volume": 30, "whisper_from": "21:00", "plan": "mine"}
    assert preferences.reset_group(Group.VOICE) is None
    assert store.values == {"plan": "mine"} and not preferences.is_changed("volume")
    assert preferences.reset_all() is None
    assert store.values == {}


def test_a_setting_that_there_is_not_cannot_be_reset() -> None:
    preferences = Preferences(FakeStore())
    wrong = preferences.reset("volum")
    assert wrong is not None and "Did you mean “volume”?" in render(wrong)
    assert not preferences.is_changed("volum")


# ---------------------------------------------------------------- taking back


def test_the_last_change_is_taken_back_and_then_the_one_before() -> None:
    store = FakeStore({"captions": False})
    preferences = Preferences(store)
    seen: list[Settings] = []
    preferences.changed.subscribe(seen.append)
    preferences.change("captions", True)
    preferences.change("theme", "dark")
    assert "theme" in preferences.last_change
    assert preferences.undo() is None
    assert store.values == {} and list(preferences.last_change) == ["captions"]
    preferences.undo()
    assert store.values == {"captions": False} and not preferences.last_change
    assert preferences.undo() is None
    assert len(seen) == 4


def test_a_group_that_was_reset_comes_back_whole() -> None:
    store = FakeStore({"volume": 30, "voice": False, "captions": False})
    preferences = Preferences(store)
    preferences.reset_group(Group.VOICE)
    assert set(preferences.last_change) == {"volume", "voice"}
    preferences.undo()
    assert store.values == {"volume": 30, "voice": False, "captions": False}


def test_the_steps_of_one_amount_are_one_change_but_a_switch_has_each_of_its_own() -> None:
    preferences = Preferences(FakeStore())
    for volume in (55, 50, 45):
        preferences.change("volume", volume)
    preferences.undo()
    assert preferences.settings.volume == 60 and preferences.last_change == ()
    preferences.change("captions", False)
    preferences.change("captions", True)
    preferences.undo()
    assert not preferences.settings.captions
    preferences.undo()
    assert preferences.settings.captions


def test_an_amount_that_is_back_where_it_was_leaves_nothing_to_take_back() -> None:
    preferences = Preferences(FakeStore())
    preferences.change("chime_until", "22:15")
    preferences.change("chime_until", "22:00")
    assert preferences.last_change == ()


def test_tonights_plan_is_chosen_elsewhere_and_not_taken_back_among_the_settings() -> None:
    preferences = Preferences(FakeStore())
    preferences.change("theme", "dark")
    preferences.change("plan", "mine")
    preferences.undo()
    assert preferences.settings == Settings(plan="mine")


def test_only_so_many_changes_are_remembered() -> None:
    preferences = Preferences(FakeStore())
    for n in range(MOST_UNDONE + 7):
        preferences.change("captions", bool(n % 2))
    taken = 0
    while preferences.last_change:
        preferences.undo()
        taken += 1
    assert taken == MOST_UNDONE


def test_an_undo_that_cannot_be_stored_holds_for_now_and_is_said() -> None:
    store = FakeStore()
    preferences = Preferences(store)
    preferences.change("theme", "dark")
    store.broken = True
    line = preferences.undo()
    assert line is not None and preferences.settings.theme == "auto"
    assert preferences.tidy() is not None

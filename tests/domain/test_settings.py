"""Settings that always work."""

from __future__ import annotations

from dataclasses import fields
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.settings import Group, Settings, check, find, names_in, read, repaired, specs, whispers
from coach.i18n import render


def test_every_default_is_allowed_and_explained() -> None:
    for one in fields(Settings):
        assert check(one.name, one.default) is None
        assert one.metadata["sentence"].endswith(".")
    assert repaired({}) == (Settings(), [])


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("volum", 3, "There is no setting called “volum”. Did you mean “volume”?"),
        ("zzzzzz", 3, "There is no setting called “zzzzzz”."),
        ("volume", "loud", "“volume” must be a whole number."),
        ("volume", True, "“volume” must be a whole number."),
        ("voice", 1, "“voice” must be yes or no."),
        ("plan", 5, "“plan” must be text."),
        ("volume", 101, "“volume” must be from 0 to 100."),
        ("voice_rate", 119, "“voice_rate” must be from 120 to 200."),
        ("theme", "pink", "“theme” must be one of: auto, light, dark, night."),
        ("text_size", 400, "“text_size” must be one of: 100, 115, 130, 150."),
        ("plan", "x" * 201, "“plan” is too long or has characters that cannot be shown."),
        ("plan", "a\nb", "“plan” is too long or has characters that cannot be shown."),
        ("chime_until", "9:5", "“chime_until” must be a time such as 22:30."),
        ("chime_until", "24:00", "“chime_until” must be a time such as 22:30."),
        ("snooze_times", 3, "“snooze_times” must be one of: 0, 1, 2."),
        ("x\n" * 40, 1, "There is no setting called “x?x?x?x?x?x?x?x?x?x?x?x?x?x?x?x?x?x?x?x?…”."),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(name: str, value: object, sentence: str) -> None:
    line = check(name, value)
    assert line is not None and render(line) == sentence


junk = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


@given(st.dictionaries(st.sampled_from([one.name for one in fields(Settings)]) | st.text(), junk))
def test_whatever_is_stored_the_settings_work(values: dict[str, object]) -> None:
    settings, wrong = repaired(values)
    for one in fields(Settings):
        assert check(one.name, getattr(settings, one.name)) is None
    kept = [name for name in values if check(name, values[name]) is None]
    assert len(wrong) == len(values) - len(kept)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("voice", "No", False),
        ("voice", "on", True),
        ("volume", " 40 % ", 40),
        ("volume", "+5", 5),
        ("text_size", "130", 130),
        ("theme", "Dark", "dark"),
        ("chime_until", "9:30", "09:30"),
        ("voice_id", " roa/it ", " roa/it "),
        ("voice_id", "", ""),
    ],
)
def test_what_is_typed_becomes_a_value(name: str, typed: str, value: object) -> None:
    assert read(name, typed) == (value, None)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("volum", "3", "There is no setting called “volum”. Did you mean “volume”?"),
        ("voice", "maybe", "“voice” must be yes or no."),
        ("volume", "loud", "“volume” must be a whole number."),
        ("volume", "4_0", "“volume” must be a whole number."),
        ("volume", "-5", "“volume” must be from 0 to 100."),
        ("theme", "drak", "“theme” must be one of: auto, light, dark, night. Did you mean “dark”?"),
        ("theme", "pink", "“theme” must be one of: auto, light, dark, night."),
        ("chime_until", "25:00", "“chime_until” must be a time such as 22:30."),
        ("chime_until", "late", "“chime_until” must be a time such as 22:30."),
    ],
)
def test_what_is_typed_wrong_is_named_with_what_is_allowed(name: str, typed: str, sentence: str) -> None:
    value, line = read(name, typed)
    assert value is None and line is not None and render(line) == sentence


@given(st.sampled_from([one.name for one in fields(Settings)]), st.text())
def test_whatever_is_typed_only_what_may_be_stored_comes_out(name: str, typed: str) -> None:
    value, wrong = read(name, typed)
    assert wrong is not None or check(name, value) is None


def test_every_setting_on_the_page_has_its_words_and_can_be_typed_as_it_is_shown() -> None:
    for one in specs():
        typed = str(one.default).replace("True", "yes").replace("False", "no")
        assert len(one.words) == len(one.choices)
        assert read(one.name, typed) == (one.default, None)
    assert find("no such") is None
    assert names_in(Group.APPEARANCE) == ("theme", "text_size", "reduced_motion")
    on_the_page = [name for group in Group for name in names_in(group)]
    assert on_the_page == [one.name for one in specs() if one.group is not None]


@pytest.mark.parametrize(
    ("start", "end", "at", "quiet"),
    [
        ("23:00", "07:00", time(23, 0), True),
        ("23:00", "07:00", time(2, 0), True),
        ("23:00", "07:00", time(7, 0), False),
        ("23:00", "07:00", time(22, 59), False),
        ("13:00", "15:00", time(14, 0), True),
        ("13:00", "15:00", time(15, 0), False),
        ("13:00", "13:00", time(13, 0), False),
    ],
)
def test_the_voice_whispers_in_the_quiet_hours_also_over_midnight(
    start: str, end: str, at: time, quiet: bool
) -> None:
    assert whispers(Settings(whisper_from=start, whisper_to=end), at) is quiet
    assert not whispers(Settings(whisper=False, whisper_from=start, whisper_to=end), at)


def test_what_a_setting_needs_is_a_switch_before_it_in_its_own_group() -> None:
    order = [one.name for one in specs()]
    needy = [one for one in specs() if one.needs]
    assert [one.name for one in needy] == ["whisper_from", "whisper_to", "chime_until"]
    for one in needy:
        switch = find(one.needs)
        assert switch is not None and isinstance(switch.default, bool) and switch.group is one.group
        assert order.index(switch.name) < order.index(one.name)

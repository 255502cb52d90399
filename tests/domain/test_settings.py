"""Settings that always work."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.settings import Settings, check, repaired
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

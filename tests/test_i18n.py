"""Words are translated at the edge, and a translator's slip stops nothing."""

from __future__ import annotations

from pathlib import Path

from coach import i18n
from coach.i18n import Line, languages, render, translator


def test_fields_are_filled_in_and_the_first_letter_is_capital() -> None:
    assert render(Line("{side} ankle up.", (("side", "left"),))) == "Left ankle up."


def test_an_unknown_field_stays_as_it_is_written() -> None:
    assert render(Line("{who} and {", ())) == "{who} and {"
    assert render(Line("{nobody}.", ())) == "{nobody}."


def test_braces_in_user_text_are_only_text() -> None:
    assert render(Line("There is no plan “{word}”.", (("word", "{0}{x}"),))) == "There is no plan “{0}{x}”."


def test_the_language_comes_from_the_first_variable_that_is_set() -> None:
    assert languages({"LANG": "de_DE.UTF-8"}) == ["de_DE.UTF-8"]
    assert languages({"LANGUAGE": "de:fr", "LANG": "en"}) == ["de", "fr"]
    assert languages({}) == []


def test_without_a_catalogue_english_is_spoken(tmp_path: Path) -> None:
    assert translator(tmp_path, ["xx"]).gettext("Hold.") == "Hold."
    assert i18n._("") == "" and i18n.ngettext("{n} step", "{n} steps", 2) == "{n} steps"
    assert i18n.language() == "en"

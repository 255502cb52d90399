"""Words: marks text for translators and turns it into the user's language at the edge.

It leaves out which text is shown when, and the formatting of times and numbers.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

DOMAIN = "stretch-coach"

__all__ = ["DOMAIN", "N_", "Line", "_", "language", "languages", "ngettext", "render", "translator"]


@dataclass(frozen=True)
class Line:
    """A sentence that is still to be translated.

    `template` is the English text, marked with `N_`, in which `{name}` stands for a field.
    `fields` are (name, text) pairs; each text is translated by itself before it is filled in.
    """

    template: str
    fields: tuple[tuple[str, str], ...] = field(default=())


def N_(text: str) -> str:  # the customary gettext name
    """Mark text for translation without translating it yet."""
    return text


def languages(environment: dict[str, str] | None = None) -> list[str]:
    """Languages the user asked for, most wanted first, from the POSIX locale variables."""
    env = os.environ if environment is None else environment
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if env.get(name):
            return [part for part in env[name].split(":") if part]
    return []


def translator(folder: Path, wanted: Iterable[str]) -> gettext.NullTranslations:
    """The catalogue below `folder` (LANG/LC_MESSAGES/stretch-coach.mo), or English if there is none."""
    return gettext.translation(DOMAIN, str(folder), list(wanted), fallback=True)


def _catalogue() -> gettext.NullTranslations:
    here = Path(__file__).resolve().parent
    for folder in (here / "assets" / "locale", here.parent / "assets" / "locale"):
        if folder.is_dir():
            return translator(folder, languages())
    return gettext.NullTranslations()


_words = _catalogue()


def language() -> str:
    """The language the texts come out in, as a tag such as "en" or "de"; the voice must speak the same."""
    return (_words.info().get("language") or "en").replace("_", "-").lower()


def _(text: str) -> str:
    """`text` in the user's language."""
    return _words.gettext(text) if text else text


def ngettext(one: str, many: str, n: int) -> str:
    """`one` or `many` in the user's language, by the plural rule for `n`."""
    return _words.ngettext(one, many, n)


def render(line: Line) -> str:
    """A `Line` as one sentence in the user's language.

    Unknown fields stay as they are written, so that a translator's slip never stops a session.
    """
    if not line.template:  # a catalogue answers an empty text with its own header
        return ""
    values = {name: _(text) for name, text in line.fields}
    try:
        text = _(line.template).format_map(values)
    except (KeyError, ValueError, IndexError):
        text = _(line.template)
    return text[:1].upper() + text[1:]

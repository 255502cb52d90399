"""The commands about settings: list, get, set and reset, alone or in the running app.

It leaves out what the settings mean (see domain.settings) and the page that shows them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from coach.command import DONE, WRONG, core_of, print_json, shown
from coach.i18n import _, ngettext, render

if TYPE_CHECKING:
    from coach.compose import Core
    from coach.domain.settings import Spec
    from coach.i18n import Line
    from coach.live import Live
    from coach.services.preferences import Preferences

Verb = Callable[[argparse.Namespace, "Core"], int]
_USED_WRONGLY = 2  # as argparse ends


def add_to(verbs: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser) -> None:
    """Give the command line the noun `settings`. `data` brings --json, `common` what every command has."""
    settings = verbs.add_parser("settings", help=_("list, get, set or reset settings"))
    below = settings.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)

    def verb(name: str, parent: argparse.ArgumentParser, work: Verb, help_: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = below.add_parser(name, parents=[parent], help=help_)

        def run(options: argparse.Namespace) -> int:
            return work(options, core_of(options))

        def live(options: argparse.Namespace, live: Live) -> int:
            return work(options, live.core)

        made.set_defaults(run=run, live=live)
        return made

    verb("list", data, _list, _("list them all: value, usual value, what is allowed, and what it does"))
    one = verb("get", data, _get, _("print one"))
    one.add_argument("name", metavar="NAME")
    one = verb("set", common, _set, _("set one, and keep it"))
    one.add_argument("name", metavar="NAME")
    one.add_argument("value", metavar="VALUE", help=_("yes or no, a number, a time such as 22:30, or text"))
    one = verb("reset", common, _reset, _("set one back to its usual value, or all of them"))
    one.add_argument("name", nargs="?", metavar="NAME")
    one.add_argument("--all", action="store_true", help=_("set back every setting"))


def _list(options: argparse.Namespace, core: Core) -> int:
    from coach.domain.settings import specs

    preferences = core.preferences
    for line in preferences.repairs:
        print(render(line), file=sys.stderr)
    if options.json:
        print_json([_row(one, preferences) for one in specs()])
        return DONE
    group = None
    for one in specs():
        if one.group is not None and one.group is not group:
            group = one.group
            print(f"{_(group.value)}")
        value = _plain(getattr(preferences.settings, one.name))
        usual = _("usually {value}").format(value=_plain(one.default))
        print(f"  {one.name:<16} {value:<10} {usual}; {_limits(one)}")
        print(f"  {'':<16} {_(one.sentence)}")
    return DONE


def _get(options: argparse.Namespace, core: Core) -> int:
    from coach.domain.settings import find, read

    spec = find(options.name)
    if spec is None:
        return _said(read(options.name, "")[1])
    if options.json:
        print_json(_row(spec, core.preferences))
    else:
        print(shown(_word(getattr(core.preferences.settings, spec.name))))
    return DONE


def _set(options: argparse.Namespace, core: Core) -> int:
    from coach.domain.settings import read

    value, wrong = read(options.name, options.value)
    if wrong is None and options.name == "plan" and not _is_a_plan(core, str(value)):
        return WRONG
    wrong = wrong or core.preferences.change(options.name, value)
    if wrong is None:
        print(_("{name} is {value} now.").format(name=options.name, value=_plain(value)))
    return _said(wrong)


def _is_a_plan(core: Core, plan_id: str) -> bool:
    """Whether tonight's plan may be this one; raises what the library raises about one that it has not."""
    if any(plan.id == plan_id for plan in core.library.plans()[0]):
        return True
    core.library.find(plan_id)
    print(
        _("Bring this file in first: coach plans import {path}").format(path=shown(plan_id)), file=sys.stderr
    )
    return False


def _reset(options: argparse.Namespace, core: Core) -> int:
    from coach.domain.settings import specs

    preferences = core.preferences
    if options.all is (options.name is not None):
        print(_("Name one setting, or say --all."), file=sys.stderr)
        return _USED_WRONGLY
    if options.all:
        n = sum(preferences.is_changed(one.name) for one in specs())
        wrong = preferences.reset_all()
        if wrong is None:
            words = ngettext("{n} setting is as usual again.", "{n} settings are as usual again.", n)
            print(words.format(n=n))
        return _said(wrong)
    wrong = preferences.reset(options.name)
    if wrong is None:
        value = _plain(getattr(preferences.settings, options.name))
        print(_("{name} is {value} again, as usual.").format(name=options.name, value=value))
    return _said(wrong)


def _said(wrong: Line | None) -> int:
    if wrong is None:
        return DONE
    print(render(wrong), file=sys.stderr)
    return WRONG


# -------------------------------------------------------------------- values in words


def _word(value: object) -> str:
    """A value as `set` takes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _plain(value: object) -> str:
    """A value among other words."""
    return shown(_word(value)) or _("(none)")


def _limits(spec: Spec) -> str:
    """What is allowed, in a few words."""
    if isinstance(spec.default, bool):
        return _("yes or no")
    if spec.choices:
        return ", ".join(map(str, spec.choices))
    if spec.high:
        return _("{low} to {high}").format(low=spec.low, high=spec.high)
    if spec.clock:
        return _("a time such as 22:30")
    return _("text")


def _row(spec: Spec, preferences: Preferences) -> dict[str, Any]:
    numbers = bool(spec.high)
    return {
        "name": spec.name,
        "value": getattr(preferences.settings, spec.name),
        "default": spec.default,
        "changed": preferences.is_changed(spec.name),
        "choices": list(spec.choices) or None,
        "low": spec.low if numbers else None,
        "high": spec.high if numbers else None,
        "label": _(spec.label),
        "sentence": _(spec.sentence),
        "group": _(spec.group.value) if spec.group is not None else None,
    }

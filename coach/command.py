"""What every command needs: the core over the user's folders, exit codes, and how things are printed.

It leaves out every single command (see cli and the modules beside it).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from coach.i18n import N_, _, ngettext, render

if TYPE_CHECKING:
    import argparse

    from coach.compose import Core
    from coach.services.ports import Problem

DONE, WRONG = 0, 1  # argparse itself ends with 2

NOBODY = N_("Stretch Coach is not running.")


def nobody(_options: argparse.Namespace) -> int:
    """What only a running app can do, where none is."""
    print(_(NOBODY), file=sys.stderr)
    return WRONG


def core_of(options: argparse.Namespace) -> Core:
    """The core over the folders that were asked for."""
    from coach import compose
    from coach.paths import locate

    return compose.build(locate(getattr(options, "data_dir", None)))


def sentences(error: Exception) -> list[str] | None:
    """What to tell the user about an expected error, or None when it is a fault of ours."""
    from coach.desktop.single_instance import InstanceError
    from coach.services.library import NotFoundError
    from coach.services.ports import PlanFileError, StoreError

    if isinstance(error, (InstanceError, NotFoundError, StoreError)):
        return [render(error.line)]
    if isinstance(error, PlanFileError):
        return [located(problem) for problem in error.problems]
    if isinstance(error, OSError) and error.filename:
        return [_("{path}: {reason}.").format(path=error.filename, reason=error.strerror or error)]
    return None


def located(problem: Problem) -> str:
    """A problem as FILE:LINE: sentence."""
    place = shown(problem.path)
    if problem.line_number:
        place = f"{place}:{problem.line_number}"
    return f"{place}: {render(problem.text)}"


def shown(text: object) -> str:
    """`text` as it can be printed, whatever a file or its name is made of."""
    return "".join(one if one.isprintable() else "?" for one in str(text))


def minutes(seconds: float) -> str:
    """A length in whole minutes, at least one."""
    n = max(round(seconds / 60), 1)
    return ngettext("{n} minute", "{n} minutes", n).format(n=n)


def print_json(value: Any) -> None:
    """Print data for other programs."""
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))

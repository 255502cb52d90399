"""Commands that the running app carries out: how they reach it, and status, pause, resume and stop.

A verb says who does it by `set_defaults`. With `run=` alone, a function of its options that prints and
gives an exit code, it is done here. With `live=` beside it, the same with a second argument `live: Live`, the
app that runs does it and what it prints comes back; where none is running, `run=` does it here. The first
word of such a verb belongs into LIVE_WORDS: a start that only hands over has no time to build the command
line. In both cases `options.cwd` is the folder in which it was typed (a relative path means
`options.cwd / path`), and `options.token` lets the desktop raise a window. A `live=` must not wait, nor ask
the user anything.

It leaves out sessions and windows (see cli), and the socket (see desktop.single_instance).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.command import DONE, NOBODY, WRONG, nobody, print_json, sentences
from coach.i18n import N_, Line, _, render

if TYPE_CHECKING:
    import argparse

    from coach.desktop.single_instance import Reply, Request
    from coach.live import Live

# What a verb that drives the running app begins with.
LIVE_WORDS = frozenset({"now", "pause", "remind", "resume", "run", "settings", "status", "stop"})
# What a file to be opened ends in; no command does.
PLAN_FILES = (".toml", ".zip", ".json", ".xml")
# The exit code of a reply that means: this is for whoever asked to do.
HERE = -1

NO_SESSION = N_("There is no session just now.")

Parse = Callable[[Sequence[str], Path, str], "argparse.Namespace"]
"""A command line as options: its words, the folder it was typed in, and the desktop's token."""


# -------------------------------------------------------------------- from here to the running app


def hand_over(words: Sequence[str]) -> int | None:
    """Let the running app carry the command out; its exit code, or None when it is to be done here.

    Raises InstanceError when there is an app that does not answer.
    """
    first = first_word(words)
    verb = words[first] if first < len(words) else ""
    if verb and verb not in LIVE_WORDS and not verb.lower().endswith(PLAN_FILES):
        return None
    if any(word in ("-h", "--help", "--version") for word in words):
        return None
    from coach.desktop.single_instance import InstanceError, ask
    from coach.paths import locate

    try:
        reply = ask(locate(_data_dir(words)), request_of(words))
    except InstanceError:
        if "--terminal" in words:  # that needs nobody's leave
            return None
        raise
    return None if reply is None or reply.code == HERE else show(reply)


def first_word(words: Sequence[str]) -> int:
    """The place of the first word that is no option, the verb or a file; where there is none, the end."""
    place = 0
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] == "--data-dir" else 1
    return min(place, len(words))


def _data_dir(words: Sequence[str]) -> Path | None:
    """The folder given with --data-dir, the last one as argparse has it."""
    found = None
    for place, word in enumerate(words):
        if word == "--":
            break
        if word == "--data-dir" and place + 1 < len(words):
            found = Path(words[place + 1])
        elif word.startswith("--data-dir="):
            found = Path(word.partition("=")[2])
    return found


def request_of(words: Sequence[str]) -> Request:
    """A command line of this process, ready to be handed over."""
    from coach.desktop.single_instance import Request

    token = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
    return Request(tuple(words), str(here()), token)


def here() -> Path:
    """The folder this process works in, or the root when that was taken away."""
    try:
        return Path.cwd()
    except OSError:
        return Path("/").absolute()


def show(reply: Reply) -> int:
    """Print what the running app had to say, and give its exit code."""
    for text, stream in ((reply.out, sys.stdout), (reply.err, sys.stderr)):
        if text:
            encoding = getattr(stream, "encoding", None) or "utf-8"
            stream.write(text.encode(encoding, "replace").decode(encoding, "replace"))
    sys.stdout.flush()
    return reply.code


# -------------------------------------------------------------------- in the running app


def answer(parse: Parse, request: Request, live: Live) -> Reply:
    """Carry out what came through the socket, as if it had been typed, and keep what it prints."""
    import contextlib
    import io

    from coach.desktop.single_instance import Reply

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = _carry_out(parse, request, live)
    return Reply(code, out.getvalue(), err.getvalue())


def _carry_out(parse: Parse, request: Request, live: Live) -> int:
    from coach.live import ElsewhereError

    try:
        options = parse(request.argv, Path(request.cwd), request.token)
        do = getattr(options, "live", None)
        return HERE if do is None else int(do(options, live))
    except ElsewhereError:
        return HERE
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else WRONG
    except Exception as error:
        lines = sentences(error)
        if lines is None:
            raise
        for line in lines:
            print(line, file=sys.stderr)
        return WRONG


def said(line: Line | None) -> int:
    """The exit code of what was done, or could not be done for the reason in `line`, which is printed."""
    if line is None:
        return DONE
    print(render(line), file=sys.stderr)
    return WRONG


# -------------------------------------------------------------------- status, pause, resume, stop


def add_to(verbs: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser) -> None:
    """Give the command line what drives a session. `data` brings --json, `common` what every command has."""
    status = verbs.add_parser("status", parents=[data], help=_("say what the running app is doing"))
    status.set_defaults(run=_no_status, live=_status)
    for name, work, help_ in (
        ("pause", _pause, _("pause the session that is running")),
        ("resume", _resume, _("go on with the session that is paused")),
        ("stop", _stop, _("end the session, keeping what was done")),
    ):
        verb = verbs.add_parser(name, parents=[common], help=help_)
        verb.set_defaults(run=nobody, live=work)


def _no_status(options: argparse.Namespace) -> int:
    if options.json:
        print_json({"running": False, "session": None, "next": None, "waiting": None, "window": False})
    else:
        print(_(NOBODY))
    return DONE


def _status(options: argparse.Namespace, live: Live) -> int:
    status = live.status()
    if options.json:
        print_json({"running": True, **status})
        return DONE
    print(_("Stretch Coach is running."))
    match status.get("session"):
        case {"exercise": str(exercise), "side": side, "left": left, "paused": paused}:
            print(_session_line(live, exercise, side, left, paused=bool(paused)))
    match status.get("waiting"):
        case {"state": "shown"}:
            print(_("A reminder is on the screen."))
        case {"state": "snoozed", "at": str(at)}:
            print(_("The reminder comes again at {time}.").format(time=at[11:16]))
    match status.get("next"):
        case {"rule": str(rule), "due": str(due)}:
            words = _("Next reminder: {name}, {due}.")
            print(words.format(name=_name_of(live, rule), due=due[:16].replace("T", " ")))
    return DONE


def _name_of(live: Live, rule: str) -> str:
    """What stands at that place of the evening, as the user knows it."""
    item = live.evenings.schedule.item(rule)
    if item is None:
        return rule
    return item.name if item.own else _(item.name)


def _session_line(live: Live, exercise: str, side: object, left: object, *, paused: bool) -> str:
    known = live.core.library.exercises().get(exercise)
    parts = [_(known.name) if known else exercise]
    if side == "left":
        parts.append(_("left"))
    elif side == "right":
        parts.append(_("right"))
    if isinstance(left, int):
        parts.append(_("{seconds} s left").format(seconds=left))
    if paused:
        parts.append(_("paused"))
    return ", ".join(parts) + "."


def _is_paused(live: Live) -> bool | None:
    """Whether the session is paused; None without a session."""
    match live.status().get("session"):
        case {"paused": paused}:
            return bool(paused)
    return None


def _pause(_options: argparse.Namespace, live: Live) -> int:
    from coach.domain.session import Input

    paused = _is_paused(live)
    if paused is None:
        return said(Line(NO_SESSION))
    if paused or live.send(Input.PAUSE):
        return DONE
    return said(Line(N_("The session cannot be paused at this moment.")))


def _resume(_options: argparse.Namespace, live: Live) -> int:
    from coach.domain.session import Input

    if _is_paused(live) is None:
        return said(Line(NO_SESSION))
    live.send(Input.STAY)  # the answer to the question whether to leave, where that is being asked
    if not _is_paused(live) or live.send(Input.RESUME):
        return DONE
    return said(Line(N_("The session cannot go on at this moment.")))


def _stop(_options: argparse.Namespace, live: Live) -> int:
    from coach.domain.session import Input

    if _is_paused(live) is None:
        return said(Line(NO_SESSION))
    live.send(Input.ASK_LEAVE)  # no news when the window is asking that already
    if live.send(Input.LEAVE):
        return DONE
    return said(Line(N_("The session cannot be ended at this moment.")))

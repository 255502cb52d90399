"""The command `coach`: reads arguments, runs one verb, prints plain text or JSON.

It leaves out the work itself, and loads only what the verb needs: no Qt unless a session is asked for.
Exit codes: 0 done, 1 the input is wrong (said on stderr), 2 the command was used wrongly.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coach import __version__, cli_plans, cli_settings
from coach.command import DONE, WRONG, core_of, print_json, sentences
from coach.i18n import N_, _, render

if TYPE_CHECKING:
    from coach.compose import Core
    from coach.domain.plan import Plan

# What a file to be opened ends in; no command does.
PLAN_FILES = (".toml", ".zip", ".json", ".xml")

_SPEEDS = N_("from 0.1 to 100")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        print(f"coach {__version__}")
        return DONE
    parser = _parser()
    opened = _taken_file(given)
    options = parser.parse_args(given)
    options.opened = opened
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain about it on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        line = sentences(error)
        if line is None:
            raise
        for text in line:
            print(text, file=sys.stderr)
        return WRONG


def _taken_file(given: list[str]) -> Path | None:
    """The plan file named in the place of a command, taken out of the words that were given."""
    place = 0
    while place < len(given) and given[place].startswith("-"):
        place += 2 if given[place] == "--data-dir" else 1
    if place == len(given) or not given[place].lower().endswith(PLAN_FILES):
        return None
    return Path(given.pop(place)).expanduser().absolute()


# -------------------------------------------------------------------- the words of the command line


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--data-dir",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="DIR",
        help=_("keep settings, journal and caches below DIR"),
    )
    common.add_argument(
        "--verbose", action="store_true", default=argparse.SUPPRESS, help=_("write more into the log")
    )
    data = argparse.ArgumentParser(add_help=False, parents=[common])
    data.add_argument("--json", action="store_true", help=_("print JSON"))

    parser = argparse.ArgumentParser(
        prog="coach",
        parents=[common],
        description=_("Stretch Coach leads you through your evening stretches by picture, ring and voice."),
        epilog=_(
            "General wellbeing help, not medical advice. Stop if it hurts. Check with a professional if "
            "you have a condition, are pregnant, or are unsure."
        ),
    )
    parser.add_argument("--version", action="version", version=f"coach {__version__}")
    parser.set_defaults(run=_open)
    verbs = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"))

    run = verbs.add_parser("run", parents=[common], help=_("begin a guided session at once"))
    run.add_argument(
        "plan", nargs="?", metavar="PLAN", help=_("a plan's name or file; tonight's plan if left out")
    )
    run.add_argument("--terminal", action="store_true", help=_("lead the session in the terminal"))
    run.add_argument(
        "--speed", type=_speed, default=1.0, metavar="X", help=_("run X times as fast, without voice")
    )
    run.add_argument("--mute", action="store_true", help=_("make no sound at all"))
    run.add_argument("--events", type=Path, metavar="FILE", help=_("write every segment and cue into FILE"))
    run.add_argument(
        "--yes",
        action="store_true",
        help=_("none of the warning signs before a massage is true: do not ask, and keep the massage"),
    )
    run.set_defaults(run=_run)

    cli_plans.add_to(verbs, common, data)
    cli_settings.add_to(verbs, common, data)

    say = verbs.add_parser("say", parents=[common], help=_("speak a text into a sound file"))
    say.add_argument("text", metavar="TEXT")
    say.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    say.add_argument("--voice", default=None, metavar="ID", help=_("one of “coach voices”"))
    say.add_argument("--rate", type=int, default=None, metavar="WPM", help=_("words a minute, 120 to 200"))
    say.set_defaults(run=_say)

    voices = verbs.add_parser("voices", parents=[data], help=_("list the voices of this computer"))
    voices.set_defaults(run=_voices)
    doctor = verbs.add_parser(
        "doctor", parents=[data], help=_("say what works here, and what to do where it does not")
    )
    doctor.set_defaults(run=_doctor)
    return parser


def _speed(text: str) -> float:
    from coach.services.pace import FASTEST, SLOWEST

    try:
        speed = float(text)
    except ValueError:
        speed = float("nan")
    if not SLOWEST <= speed <= FASTEST:
        raise argparse.ArgumentTypeError(_("the speed must be a number {range}").format(range=_(_SPEEDS)))
    return speed


# -------------------------------------------------------------------- sessions


def _open(options: argparse.Namespace) -> int:
    """Without a verb: the window, or a session in the terminal where there is no screen.

    A file named instead of a verb is shown in the window, also when it is broken; else it is asked here.
    """
    from coach.desktop.screen import missing_screen

    core = core_of(options)
    why = missing_screen(os.environ)
    if options.opened is not None:
        if why is not None:
            return cli_plans.bring_in(core, options.opened, yes=False)
        return _session(core, options, None, terminal=False)
    if why is not None:
        print(
            render(why) + " " + _("Leading tonight’s plan here in the terminal."),
            file=sys.stderr,
        )
        return _session(core, options, _plan(core, None), terminal=True)
    return _session(core, options, None, terminal=False)


def _run(options: argparse.Namespace) -> int:
    from coach.desktop.screen import missing_screen

    core = core_of(options)
    plan = _plan(core, options.plan)
    terminal = options.terminal
    if not terminal:
        why = missing_screen(os.environ)
        if why is not None:
            print(render(why) + " " + _("The session goes on here in the terminal."), file=sys.stderr)
            terminal = True
    return _session(
        core,
        options,
        plan,
        terminal=terminal,
        speed=options.speed,
        mute=options.mute,
        events=options.events,
    )


def _session(
    core: Core,
    options: argparse.Namespace,
    plan: Plan | None,
    *,
    terminal: bool,
    speed: float = 1.0,
    mute: bool = False,
    events: Path | None = None,
) -> int:
    from coach import compose

    try:
        from coach import app
    except ImportError as error:
        print(
            _("The window toolkit cannot be loaded ({reason}). “bash packaging/run.sh” sets it up.").format(
                reason=error
            ),
            file=sys.stderr,
        )
        return WRONG
    return app.run(
        core,
        compose.Request(
            plan=plan,
            terminal=terminal,
            speed=speed,
            mute=mute,
            events=events,
            opened=getattr(options, "opened", None),
            verbose=getattr(options, "verbose", False),
            massage_is_fine=getattr(options, "yes", False),
        ),
    )


def _plan(core: Core, name: str | None) -> Plan:
    """The plan asked for, or tonight's; a plan for tonight that is gone is replaced and said."""
    from coach.domain.settings import Settings
    from coach.services.library import NotFoundError
    from coach.services.ports import PlanFileError

    if name is not None:
        return core.library.find(name)
    chosen = core.preferences.settings.plan
    try:
        return core.library.find(chosen)
    except (NotFoundError, PlanFileError):
        print(
            _("The plan “{name}” is not there any more. Taking “{other}”.").format(
                name=chosen, other=Settings().plan
            ),
            file=sys.stderr,
        )
        return core.library.find(Settings().plan)


# -------------------------------------------------------------------- voice and health


def _say(options: argparse.Namespace) -> int:
    from coach.domain import settings as rules
    from coach.speech import client

    settings = core_of(options).preferences.settings
    voice = settings.voice_id if options.voice is None else options.voice
    rate = settings.voice_rate if options.rate is None else options.rate
    wrong = rules.check("voice_rate", rate)
    if wrong is not None:
        print(render(wrong), file=sys.stderr)
        return WRONG
    try:
        seconds = client.render_once(options.text, options.output, voice=voice, rate=rate)
    except client.SpeechError as error:
        print(render(error.line), file=sys.stderr)
        return WRONG
    print(_("{path}: {seconds:.1f} seconds.").format(path=options.output, seconds=seconds))
    return DONE


def _voices(options: argparse.Namespace) -> int:
    from coach.speech import client

    try:
        voices = client.list_voices().voices
    except client.SpeechError as error:
        print(render(error.line), file=sys.stderr)
        return WRONG
    if options.json:
        print_json([{"id": one.id, "name": one.name, "language": one.language} for one in voices])
    else:
        for one in voices:
            print(f"{one.id:<28} {one.name} ({one.language})")
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    from coach.desktop import diagnostics
    from coach.speech import client

    findings = [*diagnostics.examine(core_of(options).paths), *client.examine()]
    if options.json:
        print_json(
            [
                {
                    "what": one.what,
                    "works": one.works,
                    "found": render(one.found),
                    "do": render(one.advice) if one.advice else None,
                }
                for one in findings
            ]
        )
        return DONE
    for one in findings:
        print(f"{_('works') if one.works else _('not here'):<9} {_(one.title)}: {render(one.found)}")
        if one.advice:
            print(f"{'':<10}{render(one.advice)}")
    return DONE

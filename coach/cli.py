"""The command `coach`: reads arguments, runs one verb, prints plain text or JSON.

It leaves out the work itself, and loads only what the verb needs: no Qt unless a session is asked for.
Exit codes: 0 done, 1 the input is wrong (said on stderr), 2 the command was used wrongly.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach import __version__
from coach.cli_live import HERE, PLAN_FILES, answer, first_word, hand_over, here, request_of, said, show
from coach.command import DONE, WRONG, core_of, print_json, sentences
from coach.i18n import N_, Line, _, render

if TYPE_CHECKING:
    import argparse

    from coach.compose import Core
    from coach.compose import Request as Wish
    from coach.domain.plan import Plan
    from coach.live import Door, Live

_SPEEDS = N_("from 0.1 to 100")
_RUNNING = N_(
    "A session is running already. End it with “coach stop”, or run this one with another --data-dir."
)
_OPEN = N_(
    "Stretch Coach is open already. To use --speed, --mute or --events, "
    "quit it first or choose another --data-dir."
)
_NO_REMINDERS = N_("The reminders need one to be shown on.")
_IN_TERMINAL = N_("The session goes on here in the terminal.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        print(f"coach {__version__}")
        return DONE
    try:
        handed = hand_over(given)  # before anything else is loaded
        if handed is not None:
            return handed
        parse = parser_of_words()
        options = parse(given, here(), "")
        options.given, options.parse = given, parse
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


# -------------------------------------------------------------------- the words of the command line


def parser_of_words() -> Callable[[Sequence[str], Path, str], argparse.Namespace]:
    """What makes options of words: see cli_live.Parse. It may be used again and again.

    A plan file in the place of a command becomes `opened`.
    """
    whole: list[argparse.ArgumentParser] = []  # made when it is first needed, and then kept

    def parse(words: Sequence[str], cwd: Path, token: str) -> argparse.Namespace:
        given, opened = list(words), None
        place = first_word(given)
        if place < len(given) and given[place].lower().endswith(PLAN_FILES):
            opened = cwd / Path(given.pop(place)).expanduser()
        options = _plain(given)
        if options is None:
            if not whole:
                whole.append(_parser())
            options = whole[0].parse_args(given)
        options.opened, options.cwd, options.token = opened, cwd, token
        if options.run is _open:  # a default of the parser would be one of every command
            options.live = _open_live
        return options

    return parse


def _plain(words: Sequence[str]) -> argparse.Namespace | None:
    """The options of a start without a verb, from the menu or at login; None for anything else.

    Building the whole command line takes 10 ms and half a megabyte, of no use to what waits in the tray.
    """
    import argparse

    options = argparse.Namespace(run=_open, background=False)
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if name == "--data-dir":
            folder = value if equals else next(rest, "-")
            if folder.startswith("-"):
                return None
            options.data_dir = Path(folder)
        elif word == "--background":
            options.background = True
        elif word == "--verbose":
            options.verbose = True
        else:
            return None
    return options


def _parser() -> argparse.ArgumentParser:
    import argparse

    from coach import cli_live, cli_plans, cli_remind, cli_settings

    class Parser(argparse.ArgumentParser):
        """Takes options by their whole names only: --data-dir is looked for before this is built."""

        def __init__(self, **options: Any) -> None:
            super().__init__(**{**options, "allow_abbrev": False})

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

    parser: argparse.ArgumentParser = Parser(
        prog="coach",
        parents=[common],
        description=_("Stretch Coach leads you through your evening stretches by picture, ring and voice."),
        epilog=_(
            "General wellbeing help, not medical advice. Stop if it hurts. Check with a professional if "
            "you have a condition, are pregnant, or are unsure."
        ),
    )
    parser.add_argument("--version", action="version", version=f"coach {__version__}")
    parser.add_argument(
        "--background", action="store_true", help=_("stay in the tray for the reminders, without a window")
    )
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
    run.set_defaults(run=_run, live=_run_live)
    now = verbs.add_parser("now", parents=[common], help=_("help for a cramp or restless legs, straight in"))
    now.add_argument("what", choices=("cramp", "restless"))
    now.set_defaults(run=_now, live=_now_live)
    cli_live.add_to(verbs, common, data)

    cli_plans.add_to(verbs, common, data)
    cli_remind.add_to(verbs, common, data, _fire)
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
    import argparse

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
    from coach.compose import Request
    from coach.desktop.screen import missing_screen

    core, verbose = core_of(options), _is_verbose(options)
    if options.background:
        if not _has_screen(_(_NO_REMINDERS)):
            return WRONG
        return _start(core, options, Request(background=True, verbose=verbose))
    if options.opened is not None and missing_screen(os.environ) is not None:
        from coach.cli_plans import bring_in

        return bring_in(core, options.opened, yes=False)
    if not _has_screen(_("Leading tonight’s plan here in the terminal.")):
        return _start(core, options, Request(_plan(core, None), terminal=True, verbose=verbose))
    return _start(core, options, Request(opened=options.opened, verbose=verbose))


def _open_live(options: argparse.Namespace, live: Live) -> int:
    if options.background:
        return DONE  # that is what it does already
    if options.opened is not None:
        return said(live.open_file(options.opened, options.token))
    return said(live.open(options.token))


def _fire(options: argparse.Namespace) -> int:
    """The system woke us for a reminder: show it, and end when it is answered."""
    from coach.compose import Request

    if not _has_screen(_(_NO_REMINDERS)):
        return WRONG
    wish = Request(background=True, once=True, verbose=_is_verbose(options))
    return _start(core_of(options), options, wish)


def _run(options: argparse.Namespace) -> int:
    from coach.compose import Request

    core = core_of(options)
    plan = _plan(core, options.plan)
    return _start(
        core,
        options,
        Request(
            plan=plan,
            terminal=options.terminal or not _has_screen(_(_IN_TERMINAL)),
            speed=options.speed,
            mute=options.mute,
            events=options.events,
            verbose=_is_verbose(options),
            massage_is_fine=options.yes,
        ),
    )


def _run_live(options: argparse.Namespace, live: Live) -> int:
    if options.terminal:
        from coach.live import ElsewhereError

        if live.status()["session"] is None:
            raise ElsewhereError
        return said(Line(_RUNNING))
    if options.speed != 1.0 or options.mute or options.events is not None:
        return said(Line(_OPEN))
    word = options.plan
    if word is not None and ("/" in word or "\\" in word or word.endswith(".toml")):
        word = str(options.cwd / word)
    return said(live.lead(_plan(live.core, word), options.token))


def _now(options: argparse.Namespace) -> int:
    from coach.compose import Request

    core = core_of(options)
    plan = core.library.find(_plan_for(options.what))
    wish = Request(
        plan,
        terminal=not _has_screen(_(_IN_TERMINAL)),
        verbose=_is_verbose(options),
        right_now=True,
    )
    return _start(core, options, wish)


def _now_live(options: argparse.Namespace, live: Live) -> int:
    return said(live.right_now(_plan_for(options.what), options.token))


def _plan_for(what: str) -> str:
    from coach.domain.night import CRAMP, RESTLESS

    return CRAMP if what == "cramp" else RESTLESS


def _has_screen(otherwise: str) -> bool:
    """Whether a window can be opened; if not, it is said why, and what follows."""
    from coach.desktop.screen import missing_screen

    why = missing_screen(os.environ)
    if why is not None:
        print(render(why) + " " + otherwise, file=sys.stderr)
    return why is None


def _is_verbose(options: argparse.Namespace) -> bool:
    return bool(getattr(options, "verbose", False))


def _start(core: Core, options: argparse.Namespace, wish: Wish) -> int:
    """Become the running app and open the window or lead a session. Who was quicker does it instead.

    A session in the terminal goes on beside an app that has none; it is the running app if it can be, and
    only from when it begins: what it asks before may take its time.
    """
    from functools import partial

    from coach.desktop.single_instance import Instance, InstanceError, Reply, claim_or_ask
    from coach.live import Door

    def claim_late() -> Instance | None:
        try:
            return Instance.claim(core.paths)
        except InstanceError:
            return None

    answering = partial(answer, options.parse)
    if wish.terminal:
        door = Door(claim_late, answering)
        try:
            return _run_app(core, wish, door)
        finally:
            door.close()
    claimed = claim_or_ask(core.paths, request_of(options.given))
    if isinstance(claimed, Reply):
        # A session in the terminal has no part in reminders, and keeps them silent.
        return DONE if claimed.code == HERE else show(claimed)
    try:
        return _run_app(core, wish, Door(lambda: claimed, answering))
    finally:
        claimed.close()


def _run_app(core: Core, wish: Wish, door: Door) -> int:
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
    return app.run(core, wish, door)


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

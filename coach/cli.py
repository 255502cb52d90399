"""The command `coach`: reads arguments, runs one verb, prints plain text or JSON.

It leaves out the work itself, and loads only what the verb needs: no Qt unless a session is asked for.
Exit codes: 0 done, 1 the input is wrong (said on stderr), 2 the command was used wrongly.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach import __version__
from coach.i18n import N_, Line, _, ngettext, render

if TYPE_CHECKING:
    from coach.compose import Core
    from coach.domain.exercise import Exercise
    from coach.domain.plan import Plan
    from coach.services.ports import Problem

DONE, WRONG = 0, 1  # argparse itself ends with 2

_SPEEDS = N_("from 0.1 to 100")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        print(f"coach {__version__}")
        return DONE
    parser = _parser()
    options = parser.parse_args(given)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain about it on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        line = _sentence(error)
        if line is None:
            raise
        for text in line:
            print(text, file=sys.stderr)
        return WRONG


def _sentence(error: Exception) -> list[str] | None:
    """What to tell the user about an expected error, or None when it is a fault of ours."""
    from coach.services.library import NotFoundError
    from coach.services.ports import PlanFileError, StoreError

    if isinstance(error, (NotFoundError, StoreError)):
        return [render(error.line)]
    if isinstance(error, PlanFileError):
        return [_at(problem) for problem in error.problems]
    if isinstance(error, OSError) and error.filename:
        return [_("{path}: {reason}.").format(path=error.filename, reason=error.strerror or error)]
    return None


def _at(problem: Problem) -> str:
    """A problem as FILE:LINE: sentence."""
    place = f"{problem.path}:{problem.line_number}" if problem.line_number else f"{problem.path}"
    return f"{place}: {render(problem.text)}"


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
    run.set_defaults(run=_run)

    plans = verbs.add_parser("plans", help=_("list, show or check plans"))
    _verbs(plans, common, data, {"list": _plans_list, "show": _plans_show, "check": _plans_check}, "PLAN")
    exercises = verbs.add_parser("exercises", help=_("list or show exercises"))
    _verbs(exercises, common, data, {"list": _exercises_list, "show": _exercises_show}, "EXERCISE")

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


def _verbs(
    parser: argparse.ArgumentParser,
    common: argparse.ArgumentParser,
    data: argparse.ArgumentParser,
    verbs: dict[str, Callable[[argparse.Namespace], int]],
    what: str,
) -> None:
    """The small verbs of one noun: list, show and check."""
    words = {
        "list": _("list them all"),
        "show": _("show one whole"),
        "check": _("say what is wrong with files, by line"),
    }
    below = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    for verb, function in verbs.items():
        one = below.add_parser(verb, parents=[data], help=words[verb])
        if verb == "check":
            one.add_argument("files", nargs="+", type=Path, metavar="FILE")
        elif verb == "show":
            one.add_argument("name", metavar=what)
        one.set_defaults(run=function)


def _speed(text: str) -> float:
    from coach.services.pace import FASTEST, SLOWEST

    try:
        speed = float(text)
    except ValueError:
        speed = float("nan")
    if not SLOWEST <= speed <= FASTEST:
        raise argparse.ArgumentTypeError(_("the speed must be a number {range}").format(range=_(_SPEEDS)))
    return speed


def _core(options: argparse.Namespace) -> Core:
    from coach import compose
    from coach.paths import locate

    return compose.build(locate(getattr(options, "data_dir", None)))


def _print_json(value: Any) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))


# -------------------------------------------------------------------- sessions


def _open(options: argparse.Namespace) -> int:
    """Without a verb: the window, or a session in the terminal where there is no screen."""
    from coach.desktop.screen import missing_screen

    core = _core(options)
    why = missing_screen(os.environ)
    if why is not None:
        print(
            render(why) + " " + _("Leading tonight’s plan here in the terminal."),
            file=sys.stderr,
        )
        return _session(core, options, _plan(core, None), terminal=True)
    return _session(core, options, None, terminal=False)


def _run(options: argparse.Namespace) -> int:
    from coach.desktop.screen import missing_screen

    core = _core(options)
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
            verbose=getattr(options, "verbose", False),
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


# -------------------------------------------------------------------- plans and exercises


def _minutes(seconds: float) -> str:
    n = max(round(seconds / 60), 1)
    return ngettext("{n} minute", "{n} minutes", n).format(n=n)


def _plans_list(options: argparse.Namespace) -> int:
    core = _core(options)
    plans, wrong = core.library.plans()
    rows = [
        {
            "id": plan.id,
            "name": plan.name,
            "description": plan.description,
            "steps": len(plan.steps),
            "seconds": core.library.timeline(plan).seconds,
        }
        for plan in plans
    ]
    if options.json:
        _print_json(rows)
    else:
        for row in rows:
            print(f"{row['id']:<16} {row['name']}, {_minutes(row['seconds'])}")  # type: ignore[arg-type]
    for problem in wrong:
        print(_at(problem), file=sys.stderr)
    return WRONG if wrong else DONE


def _plans_show(options: argparse.Namespace) -> int:
    core = _core(options)
    plan = core.library.find(options.name)
    timeline = core.library.timeline(plan)
    known = {**core.library.exercises(), **{own.id: own for own in plan.exercises}}
    steps = [_step(step, known[step.exercise]) for step in plan.steps]
    if options.json:
        _print_json(
            {
                "id": plan.id,
                "name": plan.name,
                "description": plan.description,
                "rest": plan.rest,
                "seconds": timeline.seconds,
                "steps": steps,
            }
        )
        return DONE
    print(f"{plan.name}, {_minutes(timeline.seconds)}")
    if plan.description:
        print(_(plan.description))
    for number, step in enumerate(steps, 1):
        print(f"{number:>3}. {step['name']}: {step['how']}")
    return DONE


def _step(step: Any, exercise: Exercise) -> dict[str, Any]:
    """A step in words and in figures."""
    if step.wait:
        hold = _("until you go on")
    else:
        hold = _("{seconds} s").format(seconds=step.seconds or exercise.seconds)
    sides = _("once") if not exercise.sided else _("both legs")
    if exercise.sided and len(step.sides) == 1:
        sides = _(step.sides[0].leg).lower()
    rounds = _(", {n} rounds").format(n=step.rounds) if step.rounds > 1 else ""
    return {
        "exercise": exercise.id,
        "name": _(exercise.name),
        "seconds": None if step.wait else step.seconds or exercise.seconds,
        "sides": [side.value for side in step.sides] if exercise.sided else [],
        "rounds": step.rounds,
        "how": f"{sides}, {hold}{rounds}",
    }


def _plans_check(options: argparse.Namespace) -> int:
    from coach.services.ports import PlanFileError

    core = _core(options)
    rows: list[dict[str, Any]] = []
    code = DONE
    for path in options.files:
        try:
            plan = core.library.load(path)
        except PlanFileError as error:
            code = WRONG
            rows.extend(
                {
                    "file": str(problem.path),
                    "line": problem.line_number or None,
                    "problem": render(problem.text),
                }
                for problem in error.problems
            )
            if not options.json:
                for problem in error.problems:
                    print(_at(problem), file=sys.stderr)
        else:
            if not options.json:
                timeline = core.library.timeline(plan)
                steps = ngettext("{n} step", "{n} steps", len(plan.steps)).format(n=len(plan.steps))
                print(
                    _("{path}: ready to use. {name}, {steps}, {minutes}.").format(
                        path=path, name=plan.name, steps=steps, minutes=_minutes(timeline.seconds)
                    )
                )
    if options.json:
        _print_json(rows)
    return code


def _exercises_list(options: argparse.Namespace) -> int:
    exercises = list(_core(options).library.exercises().values())
    if options.json:
        _print_json([_exercise(exercise) for exercise in exercises])
    else:
        for exercise in exercises:
            print(f"{exercise.id:<16} {_(exercise.name)}")
    return DONE


def _exercises_show(options: argparse.Namespace) -> int:
    exercise = _core(options).library.exercise(options.name)
    if options.json:
        _print_json(_exercise(exercise))
        return DONE
    print(_(exercise.name))
    side = _("left")
    for heading, lines in (
        (_("How"), (*exercise.cues.setup, *exercise.cues.hold, exercise.cues.release)),
        (_("Take care"), exercise.mistakes),
        (_("Easier"), (exercise.easier,)),
        (_("Stop if"), exercise.stop),
        (_("Works on"), exercise.muscles),
    ):
        shown = [render(Line(text, (("side", side),))) for text in lines if text]
        if shown:
            print(f"\n{heading}")
            for text in shown:
                print(f"  {text}")
    if exercise.evidence is not None:
        evidence = exercise.evidence
        source = f" ({evidence.citation})" if evidence.citation else ""
        print(f"\n{_('Evidence')}\n  {_(_GRADES[evidence.grade.value])}: {_(evidence.purpose)}{source}")
    return DONE


_GRADES = {"good": N_("Good"), "some": N_("Some"), "experience": N_("Experience only")}


def _exercise(exercise: Exercise) -> dict[str, Any]:
    evidence = exercise.evidence
    return {
        "id": exercise.id,
        "name": exercise.name,
        "short_name": exercise.short_name,
        "kind": exercise.kind.value,
        "postures": [posture.value for posture in exercise.postures],
        "sided": exercise.sided,
        "setup": exercise.setup,
        "seconds": exercise.seconds,
        "cues": {
            "setup": list(exercise.cues.setup),
            "hold": list(exercise.cues.hold),
            "release": exercise.cues.release,
        },
        "mistakes": list(exercise.mistakes),
        "easier": exercise.easier,
        "skip_if": [caution.flag.value for caution in exercise.skip_if],
        "stop": list(exercise.stop),
        "muscles": list(exercise.muscles),
        "evidence": None
        if evidence is None
        else {
            "grade": evidence.grade.value,
            "purpose": evidence.purpose,
            "citation": evidence.citation or None,
        },
    }


# -------------------------------------------------------------------- voice and health


def _say(options: argparse.Namespace) -> int:
    from coach.domain import settings as rules
    from coach.speech import client

    settings = _core(options).preferences.settings
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
        _print_json([{"id": one.id, "name": one.name, "language": one.language} for one in voices])
    else:
        for one in voices:
            print(f"{one.id:<28} {one.name} ({one.language})")
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    from coach.desktop import diagnostics
    from coach.speech import client

    findings = [*diagnostics.examine(_core(options).paths), *client.examine()]
    if options.json:
        _print_json(
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

"""The commands about plans and exercises: list, show, check, import, export, restore, schema.

It leaves out sessions, and reading and writing the files themselves.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.command import DONE, WRONG, core_of, located, minutes, print_json, shown
from coach.i18n import N_, Line, _, ngettext, render

if TYPE_CHECKING:
    from coach.compose import Core
    from coach.domain.exercise import Caution, Exercise
    from coach.domain.pacing import Part
    from coach.domain.plan import Step
    from coach.services.ports import Preview, Problem

_GRADES = {"good": N_("Good"), "some": N_("Some"), "experience": N_("Experience only")}
_KINDS = ("stretch", "massage", "mobility", "breathing", "relaxation")
_POSTURES = ("standing", "chair", "floor", "bed")
_REGIONS = ("foot", "calf", "shin", "thigh_front", "thigh_back", "hip", "back", "whole")


def add_to(verbs: Any, common: argparse.ArgumentParser, data: argparse.ArgumentParser) -> None:
    """Give the command line its two nouns. `data` brings --json, `common` what every command has."""
    plans = verbs.add_parser("plans", help=_("list, show, check, import or export plans"))
    below = plans.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)

    def verb(
        below: Any, name: str, parent: argparse.ArgumentParser, run: Callable[..., int], help_: str
    ) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = below.add_parser(name, parents=[parent], help=help_)
        made.set_defaults(run=run)
        return made

    verb(below, "list", data, _plans_list, _("list them all"))
    one = verb(below, "show", data, _plans_show, _("show one whole"))
    one.add_argument("name", metavar="PLAN")
    one = verb(below, "check", data, _plans_check, _("say what is wrong with files, by line"))
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    one = verb(below, "import", common, _plans_import, _("bring in a plan from a file, after a look at it"))
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument("--yes", action="store_true", help=_("ask nothing; a plan of that id is replaced"))
    one = verb(below, "export", common, _plans_export, _("write a plan into one file for others"))
    one.add_argument("name", metavar="PLAN")
    one.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    one.add_argument("--yes", action="store_true", help=_("write over a file that is there"))
    one = verb(below, "restore", common, _plans_restore, _("undo your changes to a plan, or its removal"))
    one.add_argument("name", metavar="PLAN")
    verb(below, "schema", common, _plans_schema, _("print the JSON Schema of plan files"))

    exercises = verbs.add_parser("exercises", help=_("list or show exercises"))
    below = exercises.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    one = verb(below, "list", data, _exercises_list, _("list them all, or those of a kind"))
    one.add_argument("--kind", choices=_KINDS, metavar="KIND", help=", ".join(_KINDS))
    one.add_argument("--region", choices=_REGIONS, metavar="REGION", help=", ".join(_REGIONS))
    one.add_argument("--posture", choices=_POSTURES, metavar="POSTURE", help=", ".join(_POSTURES))
    one = verb(below, "show", data, _exercises_show, _("show one whole"))
    one.add_argument("name", metavar="EXERCISE")


# -------------------------------------------------------------------- plans


def _plans_list(options: argparse.Namespace) -> int:
    core = core_of(options)
    plans, wrong = core.library.plans()
    own = core.library.own_ids()
    rows: list[dict[str, Any]] = [
        {
            "id": plan.id,
            "name": plan.name,
            "description": plan.description,
            "steps": len(plan.steps),
            "seconds": core.library.seconds(plan),
            "mine": plan.id in own,
            "changed": plan.id in own and core.library.is_changed(plan.id),
        }
        for plan in plans
    ]
    if options.json:
        print_json(rows)
    else:
        for row in rows:
            whose = _(" (changed)") if row["changed"] else _(" (mine)") if row["mine"] else ""
            print(f"{row['id']:<20} {row['name']}, {minutes(row['seconds'])}{whose}")
    for problem in wrong:
        print(located(problem), file=sys.stderr)
    return WRONG if wrong else DONE


def _plans_show(options: argparse.Namespace) -> int:
    core = core_of(options)
    plan = core.library.find(options.name)
    seconds = core.library.seconds(plan)
    known = core.library.exercises_of(plan)
    steps = [_step(step, known[step.exercise]) for step in plan.steps]
    if options.json:
        print_json(
            {
                "id": plan.id,
                "name": plan.name,
                "description": plan.description,
                "rest": plan.rest,
                "seconds": seconds,
                "mine": core.library.is_mine(plan.id),
                "steps": steps,
                "exercises": [_exercise(own) for own in plan.exercises],
            }
        )
        return DONE
    print(f"{plan.name}, {minutes(seconds)}")
    if plan.description:
        print(_(plan.description))
    _print_steps(steps)
    return DONE


def _print_steps(steps: list[dict[str, Any]]) -> None:
    for number, step in enumerate(steps, 1):
        print(f"{number:>3}. {step['name']}: {step['how']}")
        if step["note"]:
            print(f"     {step['note']}")


def _step(step: Step, exercise: Exercise) -> dict[str, Any]:
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
        "rest": step.rest,
        "extra": None
        if step.extra is None
        else {"side": step.extra.side.value, "seconds": step.extra.seconds},
        "posture": step.posture.value if step.posture else None,
        "note": step.note,
        "how": f"{sides}, {hold}{rounds}",
    }


def _plans_check(options: argparse.Namespace) -> int:
    from coach.services.ports import PlanFileError

    core = core_of(options)
    found: list[Problem] = []
    for path in options.files:
        try:
            preview = core.library.preview(path)
        except PlanFileError as error:
            found.extend(error.problems)
            if not options.json:
                for problem in error.problems:
                    print(located(problem), file=sys.stderr)
            continue
        if options.json:
            continue
        for one in (preview, *preview.others):
            print(
                _("{path}: ready to use. {name}, {steps}, {minutes}.").format(
                    path=shown(path),
                    name=one.plan.name,
                    steps=_steps(len(one.plan.steps)),
                    minutes=minutes(core.library.seconds(one.plan)),
                )
            )
    if options.json:
        print_json(
            [
                {"file": shown(one.path), "line": one.line_number or None, "problem": render(one.text)}
                for one in found
            ]
        )
    return WRONG if found else DONE


def _steps(n: int) -> str:
    return ngettext("{n} step", "{n} steps", n).format(n=n)


def _plans_import(options: argparse.Namespace) -> int:
    return bring_in(core_of(options), options.file, yes=options.yes)


def bring_in(core: Core, path: Path, *, yes: bool) -> int:
    """Show what is in a file and bring it in: at once with `yes`, else when the user says so.

    Without a terminal to ask in, only what replaces nothing is brought in.
    """
    first = core.library.preview(path)
    code = DONE
    for preview in (first, *first.others):
        _print_preview(core, preview)
        chosen = _choice(preview, yes=yes)
        if chosen == "none":
            print(_("Left as it is."))
            code = code if sys.stdin.isatty() else WRONG
            continue
        if chosen == "beside":
            preview = core.library.beside(preview)
        plan = core.library.bring_in(preview, replace=chosen == "replace")
        print(_("Brought in as “{id}”. Begin it with: coach run {id}").format(id=plan.id))
    return code


def _print_preview(core: Core, preview: Preview) -> None:
    plan = preview.plan
    known = core.library.exercises_of(plan)
    print(f"{plan.name}, {_steps(len(plan.steps))}, {minutes(core.library.seconds(plan))}")
    print(_("From: {source}").format(source=preview.source))
    if plan.description:
        print(plan.description)
    _print_steps([_step(step, known[step.exercise]) for step in plan.steps])
    if preview.lost:
        print(_("What cannot be taken over:"))
        for line in preview.lost:
            print(f"  {render(line)}")


def _choice(preview: Preview, *, yes: bool) -> str:
    """What to do with a previewed plan: "new", "replace", "beside" or "none"."""
    if yes:
        return "replace" if preview.exists else "new"
    if not sys.stdin.isatty():
        if not preview.exists:
            return "new"
        print(
            _("There is a plan “{id}” already. With --yes it is replaced, and kept in the backups.").format(
                id=preview.plan.id
            ),
            file=sys.stderr,
        )
        return "none"
    if preview.exists:
        question = _("There is a plan “{id}” already. [r]eplace it, [k]eep both, or [n]one? ").format(
            id=preview.plan.id
        )
        answers = {_("r"): "replace", _("k"): "beside"}
    else:
        question = _("Bring it in? [y]es or [n]o: ")
        answers = {_("y"): "new"}
    try:
        answer = input(question).strip().lower()[:1]
    except EOFError:
        return "none"
    return answers.get(answer, "none")


def _plans_export(options: argparse.Namespace) -> int:
    core = core_of(options)
    plan = core.library.find(options.name)
    if options.output.is_file() and not options.yes:
        print(
            _("“{path}” is there already. Name another file, or add --yes.").format(
                path=shown(options.output)
            ),
            file=sys.stderr,
        )
        return WRONG
    written = core.library.export(options.name, options.output)
    print(_("{name} is now in {path}.").format(name=plan.name, path=shown(written)))
    return DONE


def _plans_restore(options: argparse.Namespace) -> int:
    core = core_of(options)
    was_changed = core.library.is_changed(options.name)
    plan = core.library.restore(options.name)
    if was_changed:
        print(_("“{name}” is as it was. Your version is in the backups.").format(name=plan.name))
    else:
        print(_("“{name}” is there, as it was.").format(name=plan.name))
    return DONE


def _plans_schema(_options: argparse.Namespace) -> int:
    from coach.paths import assets_dir

    print((assets_dir() / "plan.schema.json").read_text(encoding="utf-8").rstrip())
    return DONE


# -------------------------------------------------------------------- exercises


def _exercises_list(options: argparse.Namespace) -> int:
    wanted = [
        one
        for one in core_of(options).library.exercises().values()
        if options.kind in (None, one.kind.value)
        and (options.region is None or options.region in [region.value for region in one.regions])
        and (options.posture is None or options.posture in [posture.value for posture in one.postures])
    ]
    if options.json:
        print_json([_exercise(one) for one in wanted])
        return DONE
    for one in wanted:
        print(f"{one.id:<20} {_(one.name)}")
    if not wanted:
        print(_("No exercise is all of that."), file=sys.stderr)
    return DONE


def _exercises_show(options: argparse.Namespace) -> int:
    exercise = core_of(options).library.exercise(options.name)
    if options.json:
        print_json(_exercise(exercise))
        return DONE
    print(_(exercise.name))
    pressure = ""
    if exercise.pressure:
        scale = " – ".join(str(one) for one in dict.fromkeys(exercise.pressure))
        pressure = _("{scale} of 10").format(scale=scale)
    evidence = exercise.evidence
    grade = ""
    if evidence is not None:
        source = f" ({evidence.citation})" if evidence.citation else ""
        grade = f"{_(_GRADES[evidence.grade.value])}: {_(evidence.purpose)}{source}"
    cues = exercise.cues
    for heading, lines in (
        (_("How"), [_spoken(text) for text in (*cues.setup, *cues.hold, cues.release)]),
        (_("Parts of a side"), [_part(part) for part in exercise.parts]),
        (_("Pressure"), [pressure]),
        (_("Take care"), [_(text) for text in exercise.mistakes]),
        (_("Easier"), [_(exercise.easier)]),
        (_("Left out with"), [_caution(one) for one in exercise.skip_if]),
        (_("Lighter with"), [_caution(one) for one in exercise.lighter_if]),
        (_("Stop if"), [_spoken(text) for text in exercise.stop]),
        (_("For"), [", ".join(_(region.word) for region in exercise.regions)]),
        (_("Works on"), [_(text) for text in exercise.muscles]),
        (_("Evidence"), [grade]),
    ):
        if any(lines):
            print(f"\n{heading}")
            for text in filter(None, lines):
                print(f"  {text}")
    return DONE


def _spoken(text: str) -> str:
    return render(Line(text, (("side", _("left")),))) if text else ""


def _caution(caution: Caution) -> str:
    from coach.domain.profile import FLAGS

    title = next((one.title for one in FLAGS if one.flag is caution.flag), caution.flag.value)
    return f"{_(title)}: {_(caution.reason)}"


def _part(part: Part) -> str:
    words = _("{n} times {seconds:g} s").format(n=part.count, seconds=part.beat)
    if part.count == 1:
        words = _("{seconds:g} s").format(seconds=part.beat)
    name = _(_BEATS[part.kind.value])
    return ": ".join(filter(None, (f"{name}, {words}", _(part.place), _spoken(part.say))))


_BEATS = {
    "stroke": N_("Stroke"),
    "breath": N_("Breath"),
    "press": N_("Press"),
    "rest": N_("Rest"),
    "tense": N_("Tense"),
    "ease": N_("Let go"),
    "stay": N_("Stay"),
}


def _exercise(exercise: Exercise) -> dict[str, Any]:
    evidence = exercise.evidence
    return {
        "id": exercise.id,
        "name": exercise.name,
        "short_name": exercise.short_name,
        "kind": exercise.kind.value,
        "postures": [posture.value for posture in exercise.postures],
        "regions": [region.value for region in exercise.regions],
        "sided": exercise.sided,
        "setup": exercise.setup,
        "seconds": exercise.seconds,
        "dose": exercise.dose,
        "cues": {
            "setup": list(exercise.cues.setup),
            "hold": list(exercise.cues.hold),
            "release": exercise.cues.release,
        },
        "parts": [
            {
                "kind": part.kind.value,
                "go": part.go,
                "lift": part.lift,
                "back": part.back,
                "rest": part.rest,
                "count": part.count,
                "place": part.place,
                "say": part.say,
                "then": part.then,
            }
            for part in exercise.parts
        ],
        "start": exercise.start,
        "end": exercise.end,
        "pressure": list(exercise.pressure),
        "mistakes": list(exercise.mistakes),
        "easier": exercise.easier,
        "variants": list(exercise.variants),
        "skip_if": [{"flag": one.flag.value, "reason": one.reason} for one in exercise.skip_if],
        "lighter_if": [{"flag": one.flag.value, "reason": one.reason} for one in exercise.lighter_if],
        "stop": list(exercise.stop),
        "muscles": list(exercise.muscles),
        "lying": exercise.lying,
        "own": exercise.own,
        "picture": exercise.picture or None,
        "evidence": None
        if evidence is None
        else {
            "grade": evidence.grade.value,
            "purpose": evidence.purpose,
            "citation": evidence.citation or None,
        },
    }

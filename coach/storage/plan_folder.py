"""Where plans are kept: those that ship, those of the user with their pictures, and the backups below these.

It leaves out which of two plans with the same id wins, and how a plan is written down.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from coach.domain.exercise import Exercise
from coach.domain.plan import Plan
from coach.i18n import N_, Line, render
from coach.services.ports import ExerciseSource, PlanFileError, Preview, Problem, StoreError
from coach.storage import files, plan_pictures, plan_saving, plan_toml, toml_reading

log = logging.getLogger(__name__)

ENDING = plan_toml.ENDINGS[0]
BACKUPS = "backups"
# The plans that ship as they are offered: the usual ones, the short and quiet ones, those for right now.
ORDER = (
    "five-stretches", "bedtime", "bedtime-massage", "bed-only", "chair", "cramp-evening", "morning",
    "self-massage", "something-small", "calm-down", "breathing",
    "cramp-now", "restless-now", "restless-lying",
)  # fmt: skip
# Of each plan so many older versions are kept.
MOST_BACKUPS = 20
# Names that no file may have on Windows.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_BACKUP = re.compile(r"(\d{6})-(.+?)(?:\.stretchplan)?\.(?:toml|zip)")

# What a file looked like when it was read: it is read again when this differs.
_Stamp = tuple[int, ...]


class PlanFiles:
    """The plan files of two folders: `shipped` with the app, `own` of the user (it need not exist).

    A file that did not change is not read again.
    """

    def __init__(self, shipped: Path, own: Path, exercises: ExerciseSource) -> None:
        self._shipped = shipped
        self._own = own
        self._exercises = exercises
        self._read: dict[Path, tuple[tuple[_Stamp, ...], Plan]] = {}
        self._folders: dict[tuple[str, Exercise], Path] = {}

    def shipped(self) -> Sequence[Plan]:
        """The plans that ship, in `ORDER`. One that is wrong is left out and logged."""
        plans, problems = self._all(self._shipped)
        for problem in problems:
            log.error("%s:%d: %s", problem.path, problem.line_number, render(problem.text))
        found = [plan for plan, _path in plans]
        return sorted(found, key=lambda plan: ORDER.index(plan.id) if plan.id in ORDER else len(ORDER))

    def shipped_plan(self, plan_id: str) -> Plan | None:
        """The plan that ships under this id, without a look at the others: its file has the same name."""
        path = self._shipped / f"{plan_id}.toml"
        if not plan_toml.is_id(plan_id) or not path.is_file():
            return None
        try:
            plan = self.load(path)
        except PlanFileError:
            return None  # said where all of them are read
        return plan if plan.id == plan_id else None

    def mine(self) -> tuple[Sequence[Plan], Sequence[Problem]]:
        """The user's own plans by file name, and what is wrong with the others."""
        plans, problems = self._all(self._own)
        return [plan for plan, _path in plans], problems

    def load(self, path: Path) -> Plan:
        """The plan in the file `path`. Raises PlanFileError with every problem."""
        known = self._read.get(path)
        if known is not None and known[0] == _stamps(path, known[1]):
            return known[1]
        before = _stamp(path)
        plan = plan_toml.load(path, self._exercises.exercises())
        self._read[path] = ((before, *_stamps(path, plan)[1:]), plan)
        for one in plan.exercises:
            if one.picture:
                self._folders[plan.id, one] = path.parent
        return plan

    def picture(self, plan: Plan, exercise: Exercise) -> Path | None:
        """The picture of one of the plan's own exercises, if it is there and no link."""
        if not exercise.own or not exercise.picture:
            return None
        path = self._folders.get((plan.id, exercise), self._own) / exercise.picture
        if plan_pictures.name_problem(exercise.picture) or path.is_symlink() or not path.is_file():
            return None
        return path

    # ---------------------------------------------------------------- writing

    def save(self, plan: Plan) -> None:
        """Keep `plan` in the user's folder, in the words of the file it comes from. Raises StoreError."""
        path = self._path_of(plan.id)
        base = path or self._file_of(self._shipped, plan.id)
        self._write(plan, path, base, plan_pictures.beside(self._own / "any"))

    def bring_in(self, preview: Preview) -> Plan:
        """Keep a previewed plan and its pictures. Raises StoreError, and then nothing has changed."""
        self._own_folder()
        names = self._free_names(preview.pictures)
        plan = plan_saving.with_pictures(preview.plan, names)
        before = set(self._names())
        try:
            for name, data in preview.pictures:
                if names[name] not in before:
                    files.replace(self._own / names[name], data)
            path = self._path_of(plan.id)
            text = (preview.text, preview.plan) if preview.text else None
            return self._write(plan, path, text, plan_pictures.beside(self._own / "any"))
        except StoreError:
            for name in set(names.values()) - before:
                (self._own / name).unlink(missing_ok=True)
            raise

    def remove(self, plan_id: str) -> None:
        """Move the user's plan into the backups, with its pictures. Raises StoreError."""
        path = self._path_of(plan_id)
        if path is None:
            return
        plan = self.load(path)
        self._back_up(path, plan)
        try:
            path.unlink()
        except OSError as error:
            raise files.unwritable(path, error) from error
        files.settle(self._own)
        self._drop_pictures(plan_saving.pictures_in(plan))

    def bring_back(self, plan_id: str) -> Plan | None:
        """The newest backup of a plan that is gone, in its place again; None without one."""
        for _number, path in sorted(self._backups_of(_file_stem(plan_id)), reverse=True):
            try:
                preview = self.preview(path)
            except PlanFileError:
                continue
            return self.bring_in(replace(preview, plan=replace(preview.plan, id=plan_id)))
        return None

    def preview(self, path: Path) -> Preview:
        """What is in a file of ours or of another program. Raises PlanFileError."""
        from coach.storage import plan_imports  # seldom wanted, and not for the first picture

        return plan_imports.preview(path, self._exercises.exercises())

    def export(self, plan: Plan, path: Path) -> Path:
        """Write `plan` into one file that others can use. Raises StoreError.

        Into a folder under the plan's id; without an ending the usual one is added. With pictures it is a
        zip, whatever the ending.
        """
        pictures: dict[str, bytes] = {}
        for one in plan.exercises:
            place = self.picture(plan, one)
            picture = None if place is None else plan_pictures.contents(place)
            if isinstance(picture, bytes):
                pictures[one.picture] = picture
        kept = {name: name if name in pictures else "" for name in plan_saving.pictures_in(plan)}
        plan = plan_saving.with_pictures(plan, kept)
        source = self._path_of(plan.id) or self._file_of(self._shipped, plan.id)
        data = self._worded(plan, source, with_id=True).encode()
        if path.is_dir():
            path = path / f"{_file_stem(plan.id)}{'.zip' if pictures else ENDING}"
        if pictures and path.suffix.lower() != ".zip":
            wanted = path.with_name(_without_ending(path.name) + ".zip")
            path = _free(wanted)
        elif path.suffix.lower() not in (".toml", ".zip"):
            path = _free(path.with_name(path.name + ENDING))
        if path.suffix.lower() == ".zip":
            from coach.storage import plan_zip

            data = plan_zip.packed(f"{_file_stem(plan.id)}{ENDING}", data, pictures)
        files.replace(path, data)
        return path

    def _write(
        self,
        plan: Plan,
        path: Path | None,
        base: Path | tuple[str, Plan] | None,
        pictures: plan_pictures.Check,
    ) -> Plan:
        """Put `plan` in the place of `path` (None: a new file) and return it as it will be read."""
        self._own_folder()
        target = path or _free(self._own / f"{_file_stem(plan.id)}{ENDING}")
        with_id = plan_toml.default_id(target) != plan.id
        text = self._worded(plan, base, with_id=with_id)
        try:
            kept = plan_toml.load(target, self._exercises.exercises(), text.encode(), pictures)
        except PlanFileError as error:
            fields = (("name", plan.name), ("reason", render(error.problems[0].text)))
            sentence = N_("“{name}” cannot be saved. {reason}")
            raise StoreError(Line(sentence, fields)) from error
        gone: list[str] = []
        if path is not None:
            before = self.load(path)
            self._back_up(path, before)
            gone = list(plan_saving.pictures_in(before))
            if path.is_symlink():
                # The link is replaced, not what it leads to: that may be anywhere.
                path.unlink()
        files.replace(target, text.encode())
        self._read.pop(target, None)
        self._drop_pictures(gone)
        return kept

    def _worded(self, plan: Plan, base: Path | tuple[str, Plan] | None, *, with_id: bool) -> str:
        """The text of `plan`, as near to the text of `base` as can be."""
        try:
            if isinstance(base, Path):
                data = toml_reading.read(base)
                base = (data.decode("utf-8-sig"), self.load(base))
            if base is not None:
                text = plan_saving.merged(plan, base[1], base[0], with_id=with_id)
                if text is not None and self._says(text, plan):
                    return text
        except (PlanFileError, UnicodeDecodeError):
            pass  # the file has changed under our hands: the plan is written anew
        return plan_saving.as_text(plan, with_id=with_id)

    def _says(self, text: str, plan: Plan) -> bool:
        """Whether `text` is this plan, no more and no less."""
        place = self._own / f"{plan.id}{ENDING}"
        try:
            said = plan_toml.load(place, self._exercises.exercises(), text.encode(), lambda _name: None)
        except PlanFileError:
            return False
        return plan_saving.canonical(replace(said, id=plan.id)) == plan_saving.canonical(plan)

    # ---------------------------------------------------------------- files

    def _all(self, folder: Path) -> tuple[list[tuple[Plan, Path]], list[Problem]]:
        plans: list[tuple[Plan, Path]] = []
        problems: list[Problem] = []
        origin: dict[str, str] = {}
        try:
            paths = sorted(path for path in folder.iterdir() if path.name.endswith(".toml"))
        except FileNotFoundError:
            return plans, problems
        except OSError as error:
            fields = (("name", toml_reading.named(folder)), ("reason", error.strerror or str(error)))
            return plans, [Problem(folder, 0, Line(N_("“{name}” cannot be read: {reason}."), fields))]
        for path in paths:
            try:
                plan = self.load(path)
            except PlanFileError as error:
                problems.extend(error.problems)
                continue
            if plan.id in origin:
                fields = (("id", plan.id), ("name", origin[plan.id]))
                line = Line(N_("The id “{id}” is taken by “{name}”. Give this plan another one."), fields)
                problems.append(Problem(path, 0, line))
                continue
            origin[plan.id] = toml_reading.named(path)
            plans.append((plan, path))
        return plans, problems

    def _path_of(self, plan_id: str) -> Path | None:
        return self._file_of(self._own, plan_id)

    def _file_of(self, folder: Path, plan_id: str) -> Path | None:
        return next((path for plan, path in self._all(folder)[0] if plan.id == plan_id), None)

    def _own_folder(self) -> None:
        try:
            self._own.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise files.unwritable(self._own, error) from error

    def _names(self) -> list[str]:
        return [path.name for path in self._own.iterdir()] if self._own.is_dir() else []

    def _free_names(self, pictures: Iterable[tuple[str, bytes]]) -> dict[str, str]:
        """A name in the user's folder for each picture; one that is there already keeps its name."""
        taken = {name.lower(): name for name in self._names()}
        chosen: dict[str, str] = {}
        for name, data in pictures:
            stem, ending = Path(name).stem, Path(name).suffix
            free, number = name, 1
            while free.lower() in taken:
                if plan_pictures.contents(self._own / free) == data:
                    break
                number += 1
                free = f"{stem[: plan_pictures.LONGEST_NAME - 12]}-{number}{ending}"
            chosen[name] = free
            taken[free.lower()] = free
        return chosen

    def _drop_pictures(self, names: Iterable[str]) -> None:
        """Delete pictures of the user's folder that no file in it speaks of any more."""
        gone = list(names)
        if not gone:
            return
        texts = []
        for name in self._names():
            if name.endswith(".toml"):
                try:
                    texts.append(toml_reading.read(self._own / name))
                except PlanFileError:
                    return  # what cannot be read may need them
        for name in gone:
            if plan_pictures.name_problem(name) is None and not any(name.encode() in text for text in texts):
                (self._own / name).unlink(missing_ok=True)

    # ---------------------------------------------------------------- backups

    def _back_up(self, path: Path, plan: Plan) -> None:
        """A copy of the file, with the pictures in a zip, in the backups; the oldest ones go."""
        folder = self._own / BACKUPS
        if folder.is_symlink():
            raise StoreError(Line(N_("“{path}” is a link. Move it away."), (("path", files.shown(folder)),)))
        pictures: dict[str, bytes] = {}
        for name in plan_saving.pictures_in(plan):
            picture = plan_pictures.contents(path.parent / name)
            if isinstance(picture, bytes):
                pictures[name] = picture
        try:
            data = path.read_bytes()
        except OSError as error:
            raise files.unwritable(path, error) from error
        stem = _file_stem(plan.id)
        older = sorted(self._backups_of(stem))
        number = self._last_backup() + 1
        if pictures:
            from coach.storage import plan_zip

            content, ending = plan_zip.packed(f"{stem}{ENDING}", data, pictures), ".zip"
        else:
            content, ending = data, ENDING
        files.replace(folder / f"{number:06}-{stem}{ending}", content)
        for _number, old in older[: max(len(older) + 1 - MOST_BACKUPS, 0)]:
            old.unlink(missing_ok=True)

    def _last_backup(self) -> int:
        return max((number for number, _stem, _path in self._backups()), default=0)

    def _backups_of(self, stem: str) -> list[tuple[int, Path]]:
        return [(number, path) for number, other, path in self._backups() if other == stem]

    def _backups(self) -> list[tuple[int, str, Path]]:
        folder = self._own / BACKUPS
        try:
            names = [path.name for path in folder.iterdir()]
        except OSError:
            return []
        found = [(match, name) for name in names if (match := _BACKUP.fullmatch(name))]
        return [(int(match[1]), match[2], folder / name) for match, name in found]


def _file_stem(plan_id: str) -> str:
    return f"plan-{plan_id}" if _RESERVED.fullmatch(plan_id) else plan_id


def _without_ending(name: str) -> str:
    ending = next((one for one in plan_toml.ENDINGS if name.lower().endswith(one)), "")
    return name[: len(name) - len(ending)] if ending else Path(name).stem or name


def _free(path: Path) -> Path:
    """`path`, or a name like it that nothing has yet."""
    stem = path.name.removesuffix(ENDING)
    ending = ENDING if stem != path.name else path.suffix
    stem = stem if stem != path.name else path.stem
    number = 1
    while os.path.lexists(path):
        number += 1
        path = path.with_name(f"{stem}-{number}{ending}")
    return path


def _stamps(path: Path, plan: Plan) -> tuple[_Stamp, ...]:
    """What a plan file and its pictures look like from outside."""
    return (_stamp(path), *(_stamp(path.parent / name) for name in plan_saving.pictures_in(plan)))


def _stamp(path: Path) -> _Stamp:
    try:
        state = path.stat()
    except (OSError, ValueError):
        return ()
    return (state.st_mtime_ns, state.st_size, state.st_ino, state.st_dev)

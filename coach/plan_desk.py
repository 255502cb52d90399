"""Plans behind the window: the list, the editor and what is brought in from files.

It leaves out the pages themselves, the rules of editing (see domain.editing) and the session that follows.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from coach.compose import Core
from coach.domain import editing
from coach.domain.night import CRAMP, RESTLESS, RIGHT_NOW, night_of
from coach.domain.plan import LONGEST_NAME, Plan, Step
from coach.domain.profile import Verdict
from coach.i18n import _, render
from coach.services.library import NotFoundError
from coach.services.ports import PlanFileError, Preview, StoreError, Time
from coach.ui.controls import RadioRow, Sheet
from coach.ui.import_page import ImportPage, broken_view, preview_view
from coach.ui.main_window import MainWindow
from coach.ui.plan_editor import EditorView, PlanEditor
from coach.ui.plan_rows import PlanLine, minutes_text, plan_line
from coach.ui.plans_page import BrokenFile, PlansPage, PlansView
from coach.ui.tonight_page import Pictures


class Files(Protocol):
    """How the user names files."""

    def open(self, over: QWidget) -> list[Path]:
        """Files to be brought in; none when the user thinks better of it."""

    def save(self, over: QWidget, name: str) -> Path | None:
        """Where to write, with `name` as a suggestion."""


class Dialogs:
    """The dialogs of the system."""

    def open(self, over: QWidget) -> list[Path]:
        """Ask for plan files."""
        names, _filter = QFileDialog.getOpenFileNames(
            over,
            _("Bring in a plan"),
            str(Path.home()),
            _("Plans (*.toml *.zip *.json *.xml);;All files (*)"),
        )
        return [Path(name) for name in names]

    def save(self, over: QWidget, name: str) -> Path | None:
        """Ask where a plan is to be written."""
        chosen, _filter = QFileDialog.getSaveFileName(over, _("Save as a file"), str(Path.home() / name))
        return Path(chosen) if chosen else None


@dataclass(frozen=True)
class _Broken:
    """A file that cannot be brought in."""

    path: Path
    error: PlanFileError


_Coming = Preview | _Broken


class PlanDesk:
    """Shows, edits, brings in and hands out plans.

    `lead` begins a session of a plan, `right_now` one of the plans for right now; `choose` makes a plan
    tonight's. The editor and the import page are made when they are first wanted.
    """

    def __init__(
        self,
        window: MainWindow,
        core: Core,
        clock: Time,
        pictures: Pictures,
        *,
        place: int,
        lead: Callable[[Plan], None],
        right_now: Callable[[str], None],
        choose: Callable[[str], None],
        files: Files | None = None,
    ) -> None:
        """`place` is the number of the Plans page in the sidebar."""
        self._window = window
        self._core = core
        self._library = core.library
        self._clock = clock
        self._pictures = pictures
        self._place = place
        self._lead = lead
        self._choose = choose
        self._files = files or Dialogs()
        self._notice = ""
        self._editor: PlanEditor | None = None
        self._imports: ImportPage | None = None
        self._coming: list[_Coming] = []
        self._count = 0
        self._chooser: Sheet | None = None
        page = PlansPage(pictures)
        page.tonight_chosen.connect(self._use_tonight)
        page.play_asked.connect(lambda name: self._with(name, lead))
        page.short_asked.connect(lambda name: self._with(name, self._lead_short))
        page.edit_asked.connect(lambda name: self._with(name, self._edit))
        page.copy_asked.connect(lambda name: self._with(name, self._copy))
        page.new_asked.connect(self._new)
        page.save_asked.connect(lambda name: self._with(name, self._export))
        page.remove_asked.connect(self._remove)
        page.restore_asked.connect(self._restore)
        page.files_dropped.connect(self.bring_in)
        page.file_asked.connect(lambda: self.bring_in(self._files.open(window)))
        page.broken_asked.connect(lambda path: self.bring_in([path]))
        page.cramp_asked.connect(lambda: right_now(CRAMP))
        page.restless_asked.connect(lambda: right_now(RESTLESS))
        self.page = page

    # ---------------------------------------------------------------- the list

    def show(self, notice: str = "") -> None:
        """Draw the list; `notice` says what has just happened."""
        plans, wrong = self._library.plans()
        mine = self._library.own_ids()
        lines = {plan.id: self._line(plan, mine=plan.id in mine) for plan in plans}
        broken = (next(group) for _path, group in itertools.groupby(wrong, lambda problem: problem.path))
        self.page.show_plans(
            PlansView(
                mine=tuple(line for name, line in lines.items() if name in mine),
                shipped=tuple(line for name, line in lines.items() if name not in mine | {*RIGHT_NOW}),
                tonight=self._core.preferences.settings.plan,
                cramp=_("Opens in the dark") if CRAMP in lines else "",
                restless=_("{length}, dim").format(length=lines[RESTLESS].minutes)
                if RESTLESS in lines
                else "",
                broken=tuple(
                    BrokenFile(one.path, _where(one.path, one.line_number), render(one.text))
                    for one in broken
                ),
                notice=notice,
            )
        )

    def _line(self, plan: Plan, *, mine: bool) -> PlanLine:
        """A plan as it will be done: what the profile changes is counted in."""
        done = self._core.safety.as_done(plan, night_of(self._clock.now()))
        return plan_line(
            done,
            self._library.timeline(done),
            self._library.exercises(),
            mine=mine,
            changed=mine and self._library.is_changed(plan.id),
        )

    def _with(self, plan_id: str, use: Callable[[Plan], None]) -> None:
        """Do something with a plan, unless it is gone by now."""
        try:
            use(self._library.find(plan_id))
        except NotFoundError as error:
            self.show(render(error.line))
        except PlanFileError as error:
            self.show(render(error.problems[0].text))

    def _use_tonight(self, plan_id: str) -> None:
        self._choose(plan_id)
        self.show()

    def _lead_short(self, plan: Plan) -> None:
        self._lead(editing.shortened(plan, self._library.exercises_of(plan)))

    def _remove(self, plan_id: str) -> None:
        self._try(lambda: self._library.remove(plan_id), _("It is gone, and kept among the backups."))

    def _restore(self, plan_id: str) -> None:
        self._try(lambda: self._library.restore(plan_id), _("The original is back."))

    def _export(self, plan: Plan) -> None:
        path = self._files.save(self._window, f"{plan.id}.stretchplan.toml")
        if path is None:
            return
        try:
            written = self._library.export(plan.id, path)
        except StoreError as error:
            self.show(render(error.line))
        else:
            self.show(_("Saved as {name}.").format(name=written))

    def _try(self, change: Callable[[], object], done: str) -> None:
        try:
            change()
        except (StoreError, NotFoundError) as error:
            self.show(render(error.line))
        else:
            self.show(done)

    # ---------------------------------------------------------------- the editor

    def add(self, exercise_id: str) -> None:
        """Ask for a plan, and open it in the editor with one more step."""
        if self._chooser is not None:
            return
        plans, _wrong = self._library.plans()
        sheet = Sheet(_("Add to which plan?"), self._window, self._window.browsing_look)
        rows: list[RadioRow] = []
        for plan in (None, *plans):
            if plan is not None and plan.id in RIGHT_NOW:
                continue
            name = _("A new plan") if plan is None else _(plan.name)
            length = "" if plan is None else minutes_text(self._library.seconds(plan))
            row = RadioRow(name, length, token="field")
            row.setAutoExclusive(False)
            row.clicked.connect(lambda _on=False, picked=plan: self._add_to(picked, exercise_id))
            sheet.body.addWidget(row)
            rows.append(row)
        sheet.body.addStretch(1)
        sheet.closed.connect(self._chooser_closed)
        self._chooser = sheet
        sheet.open(rows[0])

    def _chooser_closed(self) -> None:
        self._chooser = None

    def _add_to(self, plan: Plan | None, exercise_id: str) -> None:
        if self._chooser is not None:
            self._chooser.finish()
        if plan is None:
            exercise = self._library.exercise(exercise_id)
            fresh = Plan("", _(exercise.name)[:LONGEST_NAME], (Step(exercise_id),))
            self._open_editor(fresh, saved=False)
        else:
            self._edit(plan)
            self._get_editor().add(exercise_id)

    def _new(self) -> None:
        self._open_editor(Plan("", _("My plan"), ()), saved=False)

    def _edit(self, plan: Plan) -> None:
        self._open_editor(plan, saved=True)

    def _copy(self, plan: Plan) -> None:
        name = _("{name}, my way").format(name=_(plan.name))[:LONGEST_NAME]
        self._open_editor(replace(plan, id="", name=name), saved=False)

    def _open_editor(self, plan: Plan, *, saved: bool) -> None:
        night = night_of(self._clock.now())
        decisions = [
            self._core.safety.decide(one, night) for one in self._library.exercises_of(plan).values()
        ]
        notes = {
            one.exercise.id: render(one.reason)
            for one in decisions
            if one.verdict is not Verdict.AS_IS and one.reason is not None
        }
        editor = self._get_editor()
        editor.show_plan(
            EditorView(
                plan,
                self._library.exercises(),
                notes,
                saved=saved,
                has_original=self._library.is_changed(plan.id),
            )
        )
        self._window.show_page_of(self._place, editor)
        self._window.set_guard(self._guard)

    def _get_editor(self) -> PlanEditor:
        if self._editor is None:
            editor = PlanEditor(self._pictures, lambda plan: self._library.timeline(plan).seconds)
            editor.save_asked.connect(self._save)
            editor.try_asked.connect(self._lead)
            editor.restore_asked.connect(self._restore_in_editor)
            editor.left.connect(self._left)
            self._window.add_page_behind(editor)
            self._editor = editor
        return self._editor

    def _save(self, plan: Plan) -> None:
        """Keep the draft; a new plan gets its id from its name."""
        editor = self._get_editor()
        named = plan if plan.id else replace(plan, id=self._library.new_id(plan.name))
        try:
            self._library.save(named)
        except StoreError as error:
            editor.show_error(render(error.line))
        else:
            editor.saved(named)

    def _restore_in_editor(self, plan_id: str) -> None:
        try:
            plan = self._library.restore(plan_id)
        except (StoreError, NotFoundError) as error:
            self._get_editor().show_error(render(error.line))
        else:
            self._edit(plan)

    def _guard(self, go: Callable[[], None]) -> bool:
        """Nothing that was changed is lost by going elsewhere: the editor asks once."""
        editor = self._get_editor()
        if self._window.page is not editor or not editor.has_changes:
            self._window.set_guard(None)
            return True

        def leave() -> None:
            self._window.set_guard(None)
            go()

        editor.leave(leave)
        return False

    def _left(self) -> None:
        self._window.set_guard(None)
        plan_id = self._get_editor().plan.id
        self._window.show_page(self._place)
        self.page.focus_plan(plan_id)

    # ---------------------------------------------------------------- files

    def bring_in(self, paths: Sequence[Path]) -> None:
        """Show what is in these files, one after the other; nothing is kept before the user says so."""
        if not paths:
            return
        self._coming = [one for path in paths for one in self._looked_at(path)]
        self._count = len(self._coming)
        self._show_coming()

    def _looked_at(self, path: Path) -> list[_Coming]:
        try:
            found = self._library.preview(path)
        except PlanFileError as error:
            return [_Broken(path, error)]
        return [found, *found.others]

    def _show_coming(self) -> None:
        page = self._get_imports()
        one = self._coming[0]
        if isinstance(one, _Broken):
            page.show_broken(broken_view(one.error, one.path, there=one.path.is_file()))
        else:
            number = self._count - len(self._coming) + 1
            place = _("{n} of {count}").format(n=number, count=self._count) if self._count > 1 else ""
            replaces = self._library.find(one.plan.id).name if one.exists else ""
            timeline = self._library.timeline(one.plan)
            page.show_preview(preview_view(one, timeline, replaces=replaces, place=place))
        self._window.show_page_of(self._place, page)

    def _get_imports(self) -> ImportPage:
        if self._imports is None:
            page = ImportPage()
            page.import_asked.connect(lambda: self._take(beside=False))
            page.copy_asked.connect(lambda: self._take(beside=True))
            page.another_asked.connect(lambda: self.bring_in(self._files.open(self._window)))
            page.open_asked.connect(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
            page.report_asked.connect(lambda text: QGuiApplication.clipboard().setText(text))
            page.left.connect(lambda: self._next(""))
            self._window.add_page_behind(page)
            self._imports = page
        return self._imports

    def _take(self, *, beside: bool) -> None:
        """Keep the plan on show, in place of the one it replaces or beside it."""
        one = self._coming[0]
        if isinstance(one, _Broken):
            return
        try:
            plan = self._library.bring_in(self._library.beside(one) if beside else one, replace=not beside)
        except StoreError as error:
            self._next(render(error.line))
        else:
            self._next(_("“{name}” is among your plans now.").format(name=plan.name))

    def _next(self, notice: str) -> None:
        """Show the next file, or the list with what came of it."""
        self._coming = self._coming[1:]
        if self._coming:
            self._show_coming()
            return
        self._window.show_page(self._place)
        self.show(notice)


def _where(path: Path, line: int) -> str:
    """A place in a file as people write it: "slow.toml:14"."""
    return f"{path.name}:{line}" if line else path.name

"""Shows reminders through desktop-notifier, for Windows and macOS; it is imported nowhere else.

It leaves out the app's own card. The library wants an asyncio loop, so it lives in a thread of its own; only
signals of Qt come back from there. On macOS notes with buttons need a signed app bundle: elsewhere every note
fails, and the card shows it.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import logging
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from coach.desktop.notifications import APP_NAME, CLICK, PATIENCE, QUIET_FOR
from coach.services.ports import Note
from coach.services.topic import Topic

log = logging.getLogger(__name__)

# Ending the thread at the end of the app is waited for so many seconds at most.
_FAREWELL = 1.0


def _desktop_notifier() -> Any:
    return importlib.import_module("desktop_notifier")


class _Post(QObject):
    """Carries what happened from the thread of the library to ours."""

    shown = Signal(int)  # the turn
    failed = Signal(int)
    chosen = Signal(str, str)  # identifier, action
    gone = Signal(str)


@dataclass
class _Toast:
    """What is wanted at a place, or shown there since `turn` was."""

    note: Note
    failed: Callable[[], None]
    identifier: str
    turn: int
    shown: bool = False
    timer: QTimer = field(default_factory=QTimer)


class ToastServer:
    """Notes by desktop-notifier 6; see the protocol Server. The first note starts the thread."""

    def __init__(
        self,
        icon: Path | None = None,
        *,
        library: Callable[[], Any] = _desktop_notifier,
        patience: int = PATIENCE,
        quiet_for: int = QUIET_FOR,
    ) -> None:
        self._icon = icon
        self._library = library
        self._patience = patience
        self._quiet_for = quiet_for
        self._answered: Topic[tuple[Note, str, str]] = Topic()
        self._toasts: dict[str, _Toast] = {}
        self._turns = itertools.count(1)
        self._worker: _Worker | None = None
        self._post = _Post()
        queued = Qt.ConnectionType.QueuedConnection
        self._post.shown.connect(self._shown, queued)
        self._post.failed.connect(self._failed, queued)
        self._post.chosen.connect(self._chosen, queued)
        self._post.gone.connect(self._gone, queued)

    @property
    def answered(self) -> Topic[tuple[Note, str, str]]:
        return self._answered

    def show(self, place: str, note: Note, failed: Callable[[], None]) -> None:
        self.withdraw(place)
        turn = next(self._turns)
        # A new name each time, so that what the system tells about the old note is not taken for this one.
        toast = self._toasts[place] = _Toast(note, failed, f"coach-{turn}", turn)
        toast.timer.setSingleShot(True)
        toast.timer.timeout.connect(partial(self._late, turn))
        toast.timer.start(self._patience)
        if self._worker is None:
            self._worker = _Worker(self._library, self._post, self._icon)
        self._worker.send(toast.identifier, turn, note)

    def withdraw(self, place: str) -> None:
        toast = self._toasts.pop(place, None)
        if toast is not None:
            toast.timer.stop()
            if self._worker is not None:
                self._worker.clear(toast.identifier)

    def close(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _of_turn(self, turn: int) -> tuple[str, _Toast] | None:
        return next(((place, toast) for place, toast in self._toasts.items() if toast.turn == turn), None)

    def _shown(self, turn: int) -> None:
        found = self._of_turn(turn)
        if found is None:
            return
        toast = found[1]
        toast.shown = True
        toast.timer.stop()
        if not toast.note.stays:  # neither system takes a note away after a time of our choice
            toast.timer.start(self._quiet_for)

    def _late(self, turn: int) -> None:
        found = self._of_turn(turn)
        if found is not None and not found[1].shown:
            self._failed(turn)
        elif found is not None:
            self.withdraw(found[0])

    def _failed(self, turn: int) -> None:
        found = self._of_turn(turn)
        if found is not None:
            self.withdraw(found[0])  # it may still come
            found[1].failed()

    def _chosen(self, identifier: str, action: str) -> None:
        for place, toast in tuple(self._toasts.items()):
            if toast.identifier == identifier:
                self.withdraw(place)
                self._answered.publish((toast.note, action, ""))

    def _gone(self, identifier: str) -> None:
        for place, toast in tuple(self._toasts.items()):
            if toast.identifier == identifier and toast.shown:
                toast.timer.stop()
                del self._toasts[place]


class _Worker:
    """The thread of the library. Its methods are called from ours and return at once, but for close()."""

    def __init__(self, library: Callable[[], Any], post: _Post, icon: Path | None) -> None:
        self._library = library
        self._post = post
        self._icon = icon
        self._notifier: Any = None
        self._loop = asyncio.new_event_loop()
        self._order = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="notes", daemon=True)
        self._thread.start()

    def send(self, identifier: str, turn: int, note: Note) -> None:
        self._do(partial(self._send, identifier, turn, note))

    def clear(self, identifier: str) -> None:
        self._do(partial(self._clear, identifier))

    def close(self) -> None:
        """Take away what was still to be taken away, and end the thread."""
        self._do(self._stop)
        self._thread.join(_FAREWELL)
        if self._thread.is_alive():  # the system is stuck over something before
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_FAREWELL)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        for task in tuple(self._tasks):
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        self._loop.close()

    def _do(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        def begin() -> None:
            task = self._loop.create_task(self._in_order(work))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        self._loop.call_soon_threadsafe(begin)

    async def _in_order(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async with self._order:
            await work()

    async def _send(self, identifier: str, turn: int, note: Note) -> None:
        arrived: list[bool] = []
        try:
            module = self._library()
            notifier = await self._ready(module)
            await notifier.send_notification(
                module.Notification(
                    title=note.title,
                    message=note.body,
                    buttons=tuple(
                        module.Button(title=label, identifier=act.value) for act, label in note.acts
                    ),
                    on_dispatched=lambda: arrived.append(True),
                    identifier=identifier,
                )
            )
        except Exception as error:  # whatever the library, its parts and the system raise
            log.info("the system shows no notes of ours: %s: %s", type(error).__name__, error)
        if arrived:
            self._post.shown.emit(turn)
        else:  # the library only logs what went wrong
            self._post.failed.emit(turn)

    async def _ready(self, module: Any) -> Any:
        """The notifier of the library, if it can show buttons and may. Raises whatever stands in the way."""
        if self._notifier is None:
            icon = module.Icon(path=self._icon) if self._icon is not None else None
            notifier = module.DesktopNotifier(app_name=APP_NAME, app_icon=icon)
            if module.Capability.BUTTONS not in await notifier.get_capabilities():
                raise RuntimeError("no buttons here (on macOS the app must be a signed bundle)")
            if not await notifier.request_authorisation():
                raise RuntimeError("the user allows no notes")
            notifier.on_button_pressed = self._post.chosen.emit
            notifier.on_clicked = lambda identifier: self._post.chosen.emit(identifier, CLICK)
            notifier.on_dismissed = self._post.gone.emit
            self._notifier = notifier
        return self._notifier

    async def _clear(self, identifier: str) -> None:
        if self._notifier is None:
            return
        try:
            await self._notifier.clear(identifier)
        except Exception as error:
            log.info("a note could not be taken away: %s: %s", type(error).__name__, error)

    async def _stop(self) -> None:
        self._loop.stop()

"""The first-run page: what speaks against stretching, a bedtime, and whether the coach can be heard.

It leaves out what follows from the answers: it shows a WelcomeView and says once what was answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from coach.i18n import N_, _
from coach.ui.controls import Button, Card, Kind, Mark, Round, ScrollArea, Text, Touch, needed_width, pass_on
from coach.ui.evening_card import Promise
from coach.ui.fields import CheckTile, Segmented
from coach.ui.icons import Icon, paint_icon
from coach.ui.switches import LargeClock, Switch
from coach.ui.theme import Look, Role
from coach.ui.tonight_page import Pictures

__all__ = ["NORMAL", "SENTENCE", "SOFT", "Answers", "WelcomePage", "WelcomeView"]

SIDE_BY_SIDE = 1100
"""From this width on (px at scale 1) the panel with the figure stands at the left."""
SHARES = (39, 61)
"""The widths of the panel and of the questions beside it, in percent."""
NORMAL, SOFT = "normal", "soft"
SENTENCE = N_("Lean in slowly. Let the heel sink.")
"""What is said to try the voice."""
SIGNS = (
    N_("One leg is swollen, hot, red or painful"),
    N_("Numbness, weakness, or pain that came suddenly"),
    N_("Surgery, injury or a blood clot in the last months"),
)
"""The signs that speak against stretching, as content.md 5 sorts them, in three lines."""
COVER = "breathe_slow"


@dataclass(frozen=True)
class WelcomeView:
    """What is proposed: a bedtime. `promise` says when the stretch reminder comes with any of them.

    `asks_start` asks whether the app may start at login. `silent` says why the voice cannot be heard.
    `problems` are what could not be kept; it stays until the page is left.
    """

    bedtime: time = time(22, 45)
    promise: Promise = lambda _bedtime: ""
    asks_start: bool = True
    silent: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answers:
    """What was answered. `bedtime` is None when no reminder is wanted; `clear`: none of the signs is true.

    Without `sound` nothing is to be spoken.
    """

    clear: bool
    bedtime: time | None
    start: bool
    sound: bool


# ---------------------------------------------------------------- parts


class _Panel(QWidget):
    """What the app is for, in three lines, with its figure."""

    def __init__(self, pictures: Pictures | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._look = Look()
        self._picture = QPixmap()
        self._picture_of: tuple[QSize, str] | None = None
        self._title = Text(_("Calmer legs,\nquieter nights."), Role.LEG)
        self._words = Text(
            _(
                "Some slow minutes before bed, guided by voice. No account. Everything stays on this "
                "computer."
            ),
            Role.LEAD,
            "text2",
        )
        self._note = Text(wellbeing_words(), Role.SMALL, "text3")
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._title)
        self._column.addWidget(self._words)
        self._column.addStretch(1)
        self._column.addWidget(self._note)

    def set_look(self, look: Look) -> None:
        self._look = look
        side = look.px(56)
        self._column.setContentsMargins(side, look.px(64), look.px(40), look.px(28))
        self._column.setSpacing(look.px(16))
        pass_on(look, self)
        # Between a title and the digits of a session.
        large = QFont(look.font(Role.LEG))  # a copy: that one is for everybody
        large.setPixelSize(look.px(44))
        self._title.setFont(large)
        self.update()

    def _disc(self) -> QRect:
        """The round behind the figure, in what the words leave free."""
        top = self._words.geometry().bottom() + self._look.px(16)
        bottom = self._note.geometry().top() - self._look.px(16)
        side = max(0, min(bottom - top, self.width() - self._look.px(40)))
        disc = QRect(0, 0, side, side)
        disc.moveCenter(QRect(0, top, self.width(), bottom - top).center())
        return disc

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.s1)
        disc = self._disc()
        if disc.height() < self._look.px(160):
            painter.end()
            return
        painter.setPen(QPen(theme.line, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(disc))
        inner = QRectF(disc).adjusted(*(disc.width() * share for share in (0.09, 0.09, -0.09, -0.09)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.s2)
        painter.drawEllipse(inner)
        # The mat reaches out of the round, as a bed does out of a lamp's light.
        size = QSize(self.width() - 12, min(disc.height(), (self.width() - 12) * 10 // 13))
        if self._pictures is not None and self._picture_of != (size, theme.name):
            self._picture_of = (size, theme.name)
            ratio = self.devicePixelRatioF()
            self._picture = self._pictures.pixmap(COVER, "right", size, theme, ratio=ratio)
        if not self._picture.isNull():
            shown = self._picture.size() / self._picture.devicePixelRatio()
            place = QRect(0, 0, shown.width(), shown.height())
            place.moveCenter(disc.center())
            painter.drawPixmap(place, self._picture)
        painter.end()


class _Number(Round):
    """The number of a part in a soft round."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(36, parent)
        self._number = number

    def paint_inside(self, painter: QPainter, look: Look) -> None:
        painter.setPen(look.theme.accent)
        painter.setFont(look.font(Role.BODY_STRONG))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))


class _Part(Card):
    """One of the three parts: its number, its heading, and what is asked."""

    def __init__(self, number: int, heading: str, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._number = _Number(number, self)
        self._heading = Text(heading, Role.CARD_TITLE)
        self.body = QVBoxLayout()
        front = QVBoxLayout()
        front.addWidget(self._number)
        front.addStretch(1)
        words = QVBoxLayout()
        words.addWidget(self._heading)
        words.addLayout(self.body)
        self._words = words
        self._row = QHBoxLayout(self)
        self._row.addLayout(front)
        self._row.addLayout(words, 1)
        self.setAccessibleName(heading)

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        self._row.setContentsMargins(look.px(28), look.px(18), look.px(28), look.px(16))
        self._row.setSpacing(look.px(16))
        self._heading.setMinimumHeight(look.px(36))
        self._words.setSpacing(look.px(4))
        self.body.setSpacing(look.px(6))


class _Sign(QWidget):
    """One line with a dot before it."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self._words = Text(words, Role.BODY)
        # Not a margin: those are not mirrored.
        self._lead = QSpacerItem(0, 0, QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addItem(self._lead)
        self._row.addWidget(self._words, 1)

    def set_look(self, look: Look) -> None:
        self._look = look
        self._lead.changeSize(look.px(20), 0, QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self._row.invalidate()
        pass_on(look, self)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.theme.gfx)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = self.width() - look.px(4) if mirrored else look.px(4)
        metrics = QFontMetrics(look.font(Role.BODY))
        y = metrics.ascent() - metrics.xHeight() / 2  # the middle of small letters
        painter.drawEllipse(QPointF(x, y), look.px(3.5), look.px(3.5))
        painter.end()


class _Link(QPushButton):
    """A sentence that leads elsewhere; it wraps, and the whole line can be clicked."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self._touch = Touch(self, lambda: (self.rect(), float(self._touch.look.px(12))))
        self.setAccessibleName(words)
        # Not fixed: with that, the height of one line would be the most there is.
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_look(self, look: Look) -> None:
        self._touch.set_look(look)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        look = self._touch.look
        room = QRect(0, 0, max(1, width - look.px(12 + 12 + 30)), 10_000)
        metrics = QFontMetrics(look.font(Role.SMALL_MEDIUM))
        words = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self._words)
        return max(look.target(44), words.height() + look.px(16))

    def sizeHint(self) -> QSize:
        look = self._touch.look
        width = needed_width(self._words, look.font(Role.SMALL_MEDIUM)) + look.px(12 + 12 + 32)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._touch.look.px(200), self._touch.look.target(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._touch.look, self._touch.look.theme
        painter = self._touch.begin()
        painter.setPen(QPen(theme.edge, 1.5) if theme.is_night else Qt.PenStyle.NoPen)
        painter.setBrush(self._touch.tone(theme.field))
        face = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(face, look.px(12), look.px(12))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = look.px(18)
        x = look.px(12) if mirrored else self.width() - look.px(12) - side
        arrow = Icon.LEFT if mirrored else Icon.RIGHT
        paint_icon(painter, arrow, QRectF(x, (self.height() - side) / 2, side, side), theme.text2)
        room = QRectF(self.rect()).adjusted(look.px(12), 0, -look.px(12), 0)
        room = room.adjusted(look.px(30), 0, 0, 0) if mirrored else room.adjusted(0, 0, -look.px(30), 0)
        painter.setPen(theme.text2)
        painter.setFont(look.font(Role.SMALL_MEDIUM))
        lead = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = Qt.AlignmentFlag.AlignVCenter | lead | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(room, int(flags) | int(Qt.TextFlag.TextWordWrap), self._words)
        painter.end()


class _Wave(QWidget):
    """Where the sentence is: bars that stand still and are lit as it goes on. What is said can be read."""

    BARS = (2, 4, 5, 7, 9, 8, 6, 9, 7, 5, 8, 10, 6, 3, 2, 5, 8, 6, 4, 2)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = Look()
        self._lit = 0
        self._run = QVariantAnimation(self)
        self._run.setStartValue(0.0)
        self._run.setEndValue(float(len(self.BARS)))
        self._run.valueChanged.connect(self._go)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def lit(self) -> int:
        """How many bars are lit."""
        return self._lit

    def begin(self, seconds: float) -> None:
        """The sentence begins, and takes so long."""
        self._run.stop()
        self._run.setDuration(round(seconds * 1000))
        self._run.start()

    def clear(self) -> None:
        """Nothing is heard."""
        self._run.stop()
        self._go(0.0)

    def _go(self, at: object) -> None:
        assert isinstance(at, float)
        if int(at) != self._lit:
            self._lit = int(at)
            self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(len(self.BARS) * 9), self._look.px(44))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme = self._look, self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        thick = look.px(5)
        for number, bar in enumerate(self.BARS):
            height = max(thick, look.px(36) * bar / 10)
            painter.setBrush(theme.gfx if number < self._lit else theme.s3)
            box = QRectF(number * look.px(9), (self.height() - height) / 2, thick, height)
            painter.drawRoundedRect(box, thick / 2, thick / 2)
        painter.end()


class _SwitchRow(QWidget):
    """A switch with its words, which can be clicked too."""

    rings_outside = True

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.switch = Switch(words)
        self._words = Text(words, Role.BODY)
        self._words.setBuddy(self.switch)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.switch)
        self._row.addWidget(self._words, 1)

    def needed(self) -> int:
        """The width in px in which the words need one line."""
        words = needed_width(self._words.text(), self._words.font()) + 4
        return self.switch.sizeHint().width() + self._row.spacing() + words

    def set_look(self, look: Look) -> None:
        self._row.setSpacing(look.px(14))
        pass_on(look, self)


def wellbeing_words() -> str:
    """What the app is and is not (content.md 7, last line)."""
    return _(
        "General wellbeing help, not medical advice. Stop if it hurts. Check with a professional if you have "
        "a condition, are pregnant, or are unsure."
    )


# ---------------------------------------------------------------- the page


class WelcomePage(QWidget):
    """Asks three things and keeps nothing. Nothing is ticked when it opens, and it can be put off."""

    finished = Signal(object)
    """Done: the Answers."""
    skipped = Signal()
    """Not now: nothing was answered."""
    hear_asked = Signal()
    """The user wants to hear SENTENCE."""
    loudness_chosen = Signal(str)
    """SOFT or NORMAL."""
    help_asked = Signal()
    body_asked = Signal()
    """Something else applies to the user's body; see My body."""

    def __init__(self, pictures: Pictures | None, parent: QWidget | None = None) -> None:
        """Without `pictures` there is no figure beside the questions."""
        super().__init__(parent)
        self._look = Look()
        self._view = WelcomeView()
        self._panel = _Panel(pictures, self)
        content = QWidget()
        self._content = content
        self._before = _Part(1, _("Before you start"), content)
        self._bed = _Part(2, _("When do you turn out the light?"), content)
        self._voice = _Part(3, _("Can you hear the coach?"), content)
        self._fill_before()
        self._fill_bed()
        self._fill_voice()
        self._note = Text(wellbeing_words(), Role.SMALL, "text3")
        self._column = QVBoxLayout(content)
        for part in (self._before, self._bed, self._voice):
            self._column.addWidget(part)
        self._column.addWidget(self._note)
        self._column.addStretch(1)
        self._scroll = ScrollArea(content)
        self._problem = Text("", Role.SMALL_MEDIUM, "error")
        self._problem.hide()
        self._later = Text(_("You can change all of this later."), Role.SMALL, "text2", wrap=False)
        self._skip = Button(_("Not now"), Kind.GHOST)
        self._silent = Button(_("Continue without sound"), Kind.GHOST)
        self._done = Button(_("Done"), Kind.PRIMARY, size=QSize(124, 60))
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self._later)
        self._buttons.addStretch(1)
        for button in (self._skip, self._silent, self._done):
            self._buttons.addWidget(button)
        self._foot = QVBoxLayout()
        self._foot.addWidget(self._problem)
        self._foot.addLayout(self._buttons)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._scroll, 1)
        right.addLayout(self._foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._panel, SHARES[0])
        whole.addLayout(right, SHARES[1])
        # It gives way, and must not keep the window wide.
        self._panel.setMinimumWidth(1)
        self._skip.clicked.connect(self.skipped)
        self._silent.clicked.connect(lambda: self._finish(sound=False))
        self._done.clicked.connect(lambda: self._finish(sound=True))
        self.setFocusProxy(self._clear)
        self._ready()
        self._say_bedtime()
        self.show_silent("")
        self.set_look(Look())

    # ------------------------------------------------------------ the parts

    def _fill_before(self) -> None:
        body = self._before.body
        body.addWidget(Text(_("Talk to a doctor first if any of this is true:"), Role.BODY, "text2"))
        for sign in SIGNS:
            body.addWidget(_Sign(_(sign), self._before))
        self._clear = CheckTile(_("None of this is true for me today"))
        self._flagged = CheckTile(_("One of these is true"))
        self._ticks = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._ticks.addWidget(self._clear)
        self._ticks.addWidget(self._flagged)
        body.addLayout(self._ticks)
        self._advice = Text(
            _(
                "Please talk to a doctor before you stretch or massage. Slow breathing stays open, and so "
                "does gentle stroking where nothing is swollen, hot, numb or hurt. Tonight’s plan will be "
                "“Breathing”."
            ),
            Role.BODY,
        )
        self._help = Button(_("When to get help"), Kind.OUTLINE, icon=Icon.PHONE, size=QSize(0, 44))
        body.addWidget(self._advice)
        body.addWidget(self._help, 0, Qt.AlignmentFlag.AlignLeft)
        self._body = _Link(
            _(
                "Pregnant, a joint replaced, brittle bones, glaucoma, an injury? Tell Stretch Coach and it "
                "adapts."
            ),
            self._before,
        )
        body.addWidget(self._body)
        self._clear.toggled.connect(lambda on: self._ticked(on, self._flagged))
        self._flagged.toggled.connect(lambda on: self._ticked(on, self._clear))
        self._help.clicked.connect(self.help_asked)
        self._body.clicked.connect(self.body_asked)

    def _fill_bed(self) -> None:
        self._clock = LargeClock(_("Lights out"), parent=self._bed)
        self._clock.show_time(self._view.bedtime)
        self._comes = Text("", Role.BODY, "text2")
        self._remind = _SwitchRow(_("Remind me in the evening"), self._bed)
        self._remind.switch.show_on(True)
        self._start = CheckTile(_("Start when I log in, so that it can come"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._comes)
        words.addWidget(self._remind)
        words.addStretch(1)
        self._clock_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._clock_row.addWidget(self._clock, 0, Qt.AlignmentFlag.AlignLeft)
        self._clock_row.addLayout(words, 1)
        self._bed.body.addLayout(self._clock_row)
        self._bed.body.addWidget(self._start)
        self._clock.valueChanged.connect(self._say_bedtime)
        self._remind.switch.toggled.connect(self._say_bedtime)

    def _fill_voice(self) -> None:
        self._play = Button(_("Play"), Kind.SECONDARY, icon=Icon.PLAY, size=QSize(0, 52))
        self._wave = _Wave(self._voice)
        self._loudness = Segmented(_("Volume"), ((SOFT, _("Soft")), (NORMAL, _("Normal"))))
        self._loudness.choose(NORMAL)
        self._caption = Text(_("“{sentence}”").format(sentence=_(SENTENCE)), Role.BODY, "text2")
        self._mute = Mark(Icon.VOICE_OFF, "error")
        self._why = Text("", Role.SMALL, "text2")
        first = QHBoxLayout()
        first.addWidget(self._play)
        first.addWidget(self._wave)
        first.addStretch(1)
        self._sound_first = first
        self._sound_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sound_row.addLayout(first, 1)
        self._sound_row.addWidget(self._loudness)
        self._why_row = QHBoxLayout()
        self._why_row.addWidget(self._mute)
        self._why_row.addWidget(self._why, 1)
        self._voice.body.addLayout(self._sound_row)
        self._voice.body.addWidget(self._caption)
        self._voice.body.addLayout(self._why_row)
        self._play.clicked.connect(self._hear)
        self._loudness.chosen.connect(self.loudness_chosen)

    # ------------------------------------------------------------ what is shown

    def show_welcome(self, view: WelcomeView) -> None:
        """Show `view`; what was answered so far stays, but for the proposals that changed."""
        if view.bedtime != self._view.bedtime:
            self._clock.show_time(view.bedtime)
        self._view = view
        if not view.asks_start:
            self._start.setChecked(False)
        self.show_silent(view.silent)
        self._problem.setText("\n".join(view.problems))
        self._problem.setVisible(bool(view.problems))
        self._say_bedtime()

    def show_silent(self, why: str) -> None:
        """Say why the voice cannot be heard; an empty text takes it back."""
        words = _("{why} Every word can also be read, as here.").format(why=why) if why else ""
        self._why.setText(words)
        for one in (self._why, self._mute):
            one.setVisible(bool(why))
        if why:
            self._wave.clear()

    def begin_sentence(self, seconds: float) -> None:
        """The sentence begins to be heard, and takes so long."""
        self.show_silent("")
        self._wave.begin(seconds)

    def choose_loudness(self, key: str) -> None:
        """Show SOFT or NORMAL as chosen."""
        self._loudness.choose(key)

    def set_look(self, look: Look) -> None:
        """Take over the light and the scale."""
        self._look = look
        self._scroll.set_look(look)
        pass_on(look, self._content)
        pass_on(look, self)
        for row, gap in (
            (self._clock_row, 20),
            (self._sound_first, 20),
            (self._sound_row, 16),
            (self._why_row, 10),
            (self._buttons, 12),
        ):
            row.setSpacing(look.px(gap))
        self._foot.setSpacing(look.px(8))
        self._arrange()

    def _arrange(self) -> None:
        look = self._look
        wide = self.width() >= SIDE_BY_SIDE * look.factor
        self._panel.setVisible(wide)
        self._note.setVisible(not wide)
        side = look.px(48 if wide else 28)
        self._column.setContentsMargins(side, look.px(20), side, look.px(4))
        self._column.setSpacing(look.px(12))
        self._foot.setContentsMargins(side, look.px(8), side, look.px(20))
        whole = self.width() * (SHARES[1] if wide else 100) // 100 - 2 * side
        room = whole - look.px(28 + 36 + 16 + 28)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        # Measured in the words themselves: other languages need more room.
        for row, parts in (
            (self._ticks, (self._clear.sizeHint().width(), self._flagged.sizeHint().width())),
            (self._clock_row, (self._clock.sizeHint().width(), self._remind.needed())),
            (self._sound_row, [one.sizeHint().width() for one in (self._play, self._wave, self._loudness)]),
        ):
            needed = sum(parts) + look.px(20) * (len(parts) - 1)
            row.setDirection(beside if needed <= room else below)
        aside = self._ticks.direction() is beside
        self._ticks.setSpacing(look.px(12) if aside else 0)
        self._ticks.setStretch(0, 3 if aside else 0)
        self._ticks.setStretch(1, 2 if aside else 0)
        buttons = sum(one.sizeHint().width() for one in (self._skip, self._silent, self._done)) + look.px(60)
        self._later.setVisible(buttons + self._later.sizeHint().width() <= whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clear.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ what is answered

    def _ticked(self, on: bool, other: CheckTile) -> None:
        if on:
            other.setChecked(False)
        self._ready()

    def _ready(self) -> None:
        flagged = self._flagged.isChecked()
        self._advice.setVisible(flagged)
        self._help.setVisible(flagged)
        ready = flagged or self._clear.isChecked()
        for button in (self._silent, self._done):
            button.setEnabled(ready)
            button.setToolTip("" if ready else _("Tick one of the two lines under “Before you start” first."))

    def _say_bedtime(self) -> None:
        wanted = self._remind.switch.isChecked()
        if wanted:
            self._comes.setText(self._view.promise(self._clock.at_time))
        else:
            self._comes.setText(_("No reminder comes."))
        self._clock.setEnabled(wanted)
        self._start.setVisible(wanted and self._view.asks_start)

    def _hear(self) -> None:
        self._play.set_label(_("Play again"))
        self._arrange()
        self.hear_asked.emit()

    def _finish(self, *, sound: bool) -> None:
        if not self._done.isEnabled():
            return
        self._clock.interpretText()  # a time that is still being typed
        wanted = self._remind.switch.isChecked()
        self.finished.emit(
            Answers(
                clear=self._clear.isChecked(),
                bedtime=self._clock.at_time if wanted else None,
                start=wanted and self._view.asks_start and self._start.isChecked(),
                sound=sound,
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._finish(sound=True)
        elif event.key() == Qt.Key.Key_Escape:
            self.skipped.emit()
        else:
            super().keyPressEvent(event)

"""Gate for a pair of PySide6 and Python: does a call that returns nothing lose a reference to None?

It says nothing of any other fault, and it needs no screen beyond QT_QPA_PLATFORM=offscreen.

    QT_QPA_PLATFORM=offscreen python packaging/checks/toolkit_check.py      exit 0: sound, 1: broken

PySide6 6.12.0 on Python 3.10 and 3.11 takes one reference at every such call, so that the process dies with
"none_dealloc" after some 6,500 of them: within seconds of an animation. From Python 3.12 on None cannot die
and the fault does no harm; PySide6 6.10.2 to 6.11.3 do not have it.
"""

import os
import sys
from collections.abc import Callable

import PySide6
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

CALLS = 200


def lost_per_call(call: Callable[[], object]) -> float:
    """References to None that one `call` loses, averaged over CALLS of them."""
    call()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        call()
    return (before - sys.getrefcount(None)) / CALLS


def main() -> int:
    """Try four calls of everyday use, print what each loses, and return 1 if any does.

    Needs a QApplication.
    """
    widget, label, timer, pixmap = QWidget(), QLabel(), QTimer(), QPixmap(9, 9)
    painter = QPainter(pixmap)
    spare = [None] * 20_000  # so that this process outlives the count
    calls: dict[str, Callable[[], object]] = {
        "QPainter.setOpacity": lambda: painter.setOpacity(0.5),
        "QWidget.update": widget.update,
        "QLabel.setText": lambda: label.setText("a"),
        "QTimer.stop": timer.stop,
    }
    lost = {name: lost_per_call(call) for name, call in calls.items()}
    painter.end()
    for name, count in lost.items():
        print(f"{name:22s} references to None lost per call: {count:+.2f}")
    broken = any(abs(count) > 0.5 for count in lost.values())
    verdict = "BROKEN" if broken else "sound"
    print(f"PySide6 {PySide6.__version__}, Python {sys.version.split()[0]}: {verdict}")
    del spare
    return int(broken)


if __name__ == "__main__":
    app = QApplication([])
    code = main()
    sys.stdout.flush()
    os._exit(code)  # a broken pair would abort while the interpreter takes itself down

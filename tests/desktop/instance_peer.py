"""A process that starts as the app does: the first one serves, every other one is answered and ends.

Leaves out windows and commands. Says "first" when it is the one and "serving" when it answers, or "answered"
with the answer; then whether Qt was loaded by then.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from coach.desktop.single_instance import InstanceError, LocalSocket, Loopback, Reply, Request, claim_or_ask
from coach.i18n import render
from coach.paths import locate

MEETINGS: dict[str, type[LocalSocket] | type[Loopback]] = {"local socket": LocalSocket, "loopback": Loopback}


def say(*words: object) -> None:
    qt = "with Qt" if "PySide6.QtCore" in sys.modules else "without Qt"
    print(*words, qt, sep="; ", flush=True)


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--meeting", choices=sorted(MEETINGS), default="local socket")
    options.add_argument("--user", type=int, help="go on as this user")
    options.add_argument("--child", action="store_true", help="have a child process that lives on")
    given = options.parse_args()
    if given.user is not None:
        # What another user may not be able to read must be there before.
        import fcntl  # noqa: F401
        import hmac  # noqa: F401
        import threading  # noqa: F401

        import PySide6.QtCore  # noqa: F401

        os.setgroups([])
        os.setgid(given.user)
        os.setuid(given.user)
    paths = locate(given.folder)
    try:
        claimed = claim_or_ask(
            paths, Request(("open",), str(Path.cwd())), meeting=MEETINGS[given.meeting](paths)
        )
    except InstanceError as error:
        say("refused", render(error.line))
        return 1
    if isinstance(claimed, Reply):
        say("answered", claimed.out)
        return claimed.code
    say("first")
    if given.child:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        say("child", child.pid)

    from PySide6.QtCore import QCoreApplication

    app = QCoreApplication([])
    claimed.serve(lambda request: Reply(0, f"{os.getpid()} heard {request.argv[0]}"))
    say("serving")
    app.exec()
    return 0


if __name__ == "__main__":
    sys.exit(main())

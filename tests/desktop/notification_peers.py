"""Real peers for tests of notifications: a bus and a screen of our own, dunst, Xfce's server, mocked ones.

Each waits until it can be used and ends with its context. It holds no tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from jeepney import DBusAddress, Message, MessageFlag, MessageType, message_bus, new_method_call
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
# Where to call the bus itself.
BUS_ITSELF = {
    "name": "org.freedesktop.DBus",
    "path": "/org/freedesktop/DBus",
    "interface": "org.freedesktop.DBus",
}
XFCE = Path("/usr/lib/x86_64-linux-gnu/xfce4")
XFCE_PLACES = (XFCE, Path("/usr/lib/aarch64-linux-gnu/xfce4"), Path("/usr/lib/xfce4"))
# The Python of the system, which has python3-dbusmock; ours has not.
SYSTEM_PYTHON = "/usr/bin/python3"

# No service is started by the bus itself: a test says which servers there are.
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""

needs_bus = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("dbus-daemon"), reason="D-Bus is for Linux and the like"
)


def _mock_is_missing() -> bool:
    places = (
        Path("/usr/lib/python3/dist-packages/dbusmock"),
        Path("/usr/lib/python3/site-packages/dbusmock"),
    )
    return not any(place.is_dir() for place in places)


needs_mock = pytest.mark.skipif(_mock_is_missing(), reason="python3-dbusmock is not installed")
needs_dunst = pytest.mark.skipif(
    not (shutil.which("dunst") and shutil.which("Xvfb")), reason="dunst or xvfb is not installed"
)


def xfce_program(*parts: str) -> Path | None:
    """A program of Xfce that lives outside PATH."""
    return next((place.joinpath(*parts) for place in XFCE_PLACES if place.joinpath(*parts).exists()), None)


needs_xfce = pytest.mark.skipif(
    not (
        xfce_program("notifyd", "xfce4-notifyd")
        and xfce_program("xfconf", "xfconfd")
        and shutil.which("xfconf-query")
        and shutil.which("xdotool")
        and shutil.which("Xvfb")
    ),
    reason="xfce4-notifyd, xfconf, xdotool or xvfb is not installed",
)


@dataclass
class Desk:
    """A bus and, where one was started, a screen; `environment` is for programs on it."""

    environment: dict[str, str]
    folder: Path
    bus: subprocess.Popen[str]
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def display(self) -> str:
        return self.environment.get("DISPLAY", "")

    def start(self, arguments: Sequence[str | Path], name: str = "") -> subprocess.Popen[str]:
        """Start a program; with a name, wait until it owns that on the bus."""
        log = self.folder / f"{Path(arguments[0]).name}-{len(self.running)}.log"
        with log.open("w") as file:
            process = subprocess.Popen(
                [str(part) for part in arguments], env=self.environment, stdout=file, stderr=file, text=True
            )
        self.running.append(process)
        if name:
            self.wait_for(name, process, log)
        return process

    def wait_for(self, name: str, process: subprocess.Popen[str], log: Path) -> None:
        with open_dbus_connection(self.environment["DBUS_SESSION_BUS_ADDRESS"]) as connection:
            from jeepney import MatchRule

            rule = MatchRule(type="signal", sender="org.freedesktop.DBus", member="NameOwnerChanged")
            rule.add_arg_condition(0, name)
            with connection.filter(rule) as changes:
                connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=5)
                (owned,) = unwrap_msg(
                    connection.send_and_get_reply(message_bus.NameHasOwner(name), timeout=5)
                )
                while not owned:
                    try:
                        owned = bool(connection.recv_until_filtered(changes, timeout=20).body[2])
                    except TimeoutError:
                        pytest.fail(f"{name} never came ({process.poll()}): {log.read_text()}")

    def stop(self, process: subprocess.Popen[str], *, kill: bool = False) -> None:
        self.running.remove(process)
        process.kill() if kill else process.terminate()
        process.wait(10)

    def end_bus(self) -> None:
        """Let everyone on this desk lose the bus."""
        self.bus.kill()
        self.bus.wait(10)

    def run(self, *arguments: str) -> str:
        """Run a program on this desk to its end; its output."""
        return subprocess.run(
            arguments, env=self.environment, check=True, capture_output=True, text=True, timeout=20
        ).stdout

    def call(
        self,
        method: str,
        signature: str = "",
        body: tuple[object, ...] = (),
        *,
        name: str = NAME,
        path: str = PATH,
        interface: str = NAME,
    ) -> Message:
        """Call the notification server, or whom you name, and wait for the answer."""
        address = DBusAddress(path, name, interface)
        message = new_method_call(address, method, signature or None, body)
        message.header.flags |= MessageFlag.no_auto_start
        with open_dbus_connection(self.environment["DBUS_SESSION_BUS_ADDRESS"]) as connection:
            reply: Message = connection.send_and_get_reply(message, timeout=10)
        assert reply.header.message_type is MessageType.method_return, reply.body
        return reply

    def offer(self, name: str, command: str) -> None:
        """Let the bus start a service when somebody calls it."""
        services = self.folder / "services"
        (services / f"{name}.service").write_text(f"[D-BUS Service]\nName={name}\nExec={command}\n")
        self.call("ReloadConfig", "", (), **BUS_ITSELF)

    # ---------------------------------------------------------------- what can be on a desk

    def screen(self) -> None:
        """Give this desk an X screen of its own."""
        reading, writing = os.pipe()
        self.running.append(
            subprocess.Popen(
                ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
                pass_fds=[writing],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        )
        os.close(writing)
        with os.fdopen(reading) as number:
            self.environment["DISPLAY"] = f":{number.readline().strip()}"

    def dunst(self, settings: str = "") -> subprocess.Popen[str]:
        config = self.folder / "dunstrc"
        config.write_text(f"[global]\n    width = 400\n{settings}\n")
        return self.start(["dunst", "-conf", config], NAME)

    def xfce(self) -> subprocess.Popen[str]:
        daemon, settings = xfce_program("notifyd", "xfce4-notifyd"), xfce_program("xfconf", "xfconfd")
        assert daemon is not None and settings is not None
        self.start([settings], "org.xfce.Xfconf")
        return self.start([daemon], NAME)

    def mock(self, capabilities: str) -> subprocess.Popen[str]:
        """The notification server of python3-dbusmock, with these capabilities (words)."""
        return self.start(self.mock_command(capabilities), NAME)

    def mock_command(self, capabilities: str) -> list[str]:
        parameters = f'{{"capabilities": "{capabilities}"}}'
        start = [SYSTEM_PYTHON, "-m", "dbusmock", "--session", "--template", "notification_daemon"]
        return [*start, "-p", parameters]

    def mock_emits(self, signal: str, signature: str, *values: object) -> None:
        """Let the mocked server send a signal."""
        arguments = (
            NAME,
            signal,
            signature,
            [(kind, value) for kind, value in zip(signature, values, strict=True)],
        )
        self.call("EmitSignal", "sssav", arguments, interface="org.freedesktop.DBus.Mock")

    def mock_calls(self, method: str) -> list[tuple[object, ...]]:
        """The arguments of every call of `method` that the mocked server had."""
        interface = "org.freedesktop.DBus.Mock"
        found = self.call("GetMethodCalls", "s", (method,), interface=interface).body[0]
        return [tuple(value for _kind, value in arguments) for _time, arguments in found]


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """A private session bus, with its files in `folder`."""
    home = folder / "desk"
    (home / "services").mkdir(parents=True)
    config = home / "bus.conf"
    sockets = Path(os.environ["XDG_RUNTIME_DIR"])  # short enough for a socket's path
    config.write_text(_CONFIG.format(folder=sockets, services=home / "services"))
    with subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as bus:
        assert bus.stdout is not None
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            environment.pop(name, None)
        environment |= {
            "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip(),
            "NO_AT_BRIDGE": "1",
            "GTK_A11Y": "none",
        }
        one = Desk(environment, home, bus)
        try:
            yield one
        finally:
            for process in reversed(one.running):
                with suppress(ProcessLookupError):
                    process.kill()
                process.wait(10)
            bus.terminate()
            bus.wait(10)

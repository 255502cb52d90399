"""A peer on a real bus that stands in for a screen saver or the desktop portal; for tests of the display.

Arguments: the kind (saver, portal, deaf or refusing) and a file to which every call is appended.
"""

from __future__ import annotations

import sys
from pathlib import Path

from jeepney import HeaderFields, Message, MessageType, message_bus, new_error, new_method_return
from jeepney.io.blocking import open_dbus_connection

NAMES = {"portal": "org.freedesktop.portal.Desktop"}


def answer(kind: str, member: str, message: Message) -> Message | None:
    if kind == "deaf":
        return None
    if kind == "refusing":
        return new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "s", ("no",))
    if kind == "portal" and member == "Inhibit":
        return new_method_return(message, "o", ("/org/freedesktop/portal/desktop/request/7",))
    if kind == "saver" and member == "Inhibit":
        return new_method_return(message, "u", (4711,))
    return new_method_return(message)


def main() -> None:
    kind, log = sys.argv[1], Path(sys.argv[2])
    connection = open_dbus_connection("SESSION")
    name = NAMES.get(kind, "org.freedesktop.ScreenSaver")
    connection.send_and_get_reply(message_bus.RequestName(name))
    with log.open("a", buffering=1) as file:
        file.write("ready\n")
        while True:
            message = connection.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            fields = message.header.fields
            member = fields[HeaderFields.member]
            file.write(f"{fields[HeaderFields.path]} {member} {message.body}\n")
            reply = answer(kind, member, message)
            if reply is not None:
                connection.send(reply)


if __name__ == "__main__":
    main()

"""A tray on a real bus: it takes items in and looks at them as a panel would; for tests and a benchmark.

Argument: a file to which a line is appended when it is ready, and two for every item: that it came, and how
much it shows. It draws nothing, and loads no Qt: libraries it shared would make the measured look smaller.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_method_call,
    new_method_return,
)
from jeepney.io.blocking import open_dbus_connection

WATCHER = "org.kde.StatusNotifierWatcher"
PROPERTIES = {
    "IsStatusNotifierHostRegistered": ("b", True),
    "RegisteredStatusNotifierItems": ("as", []),
    "ProtocolVersion": ("i", 0),
}


def look_at(connection: Any, owner: str) -> int:
    """Ask an item for all it shows, icons too, as a panel does; how many properties it has."""
    item = DBusAddress("/StatusNotifierItem", owner, "org.freedesktop.DBus.Properties")
    reply = connection.send_and_get_reply(
        new_method_call(item, "GetAll", "s", ("org.kde.StatusNotifierItem",)), timeout=5
    )
    return len(reply.body[0])


def answer(message: Message) -> Message:
    match message.header.fields[HeaderFields.member]:
        case "Get":
            return new_method_return(message, "v", (PROPERTIES[message.body[1]],))
        case "GetAll":
            return new_method_return(message, "a{sv}", (PROPERTIES,))
        case _:
            return new_method_return(message)


def main() -> None:
    connection = open_dbus_connection("SESSION")
    connection.send_and_get_reply(message_bus.RequestName(WATCHER))
    with Path(sys.argv[1]).open("a", buffering=1) as file:
        file.write("ready\n")
        while True:
            message = connection.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            connection.send(answer(message))
            fields = message.header.fields
            if fields[HeaderFields.member] == "RegisterStatusNotifierItem":
                owner = fields[HeaderFields.sender]
                file.write(f"item {owner}\n")
                file.write(f"seen {owner} {look_at(connection, owner)}\n")


if __name__ == "__main__":
    main()

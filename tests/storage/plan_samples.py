"""Plans, pictures and files of other programs, as small as they can be and still be whole."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

from coach.domain.exercise import Cues, Exercise, Kind, Posture

HEAD = 'format = 1\nname = "Mine"\n'
STEP = '[[steps]]\nexercise = "calf_wall"\n'
OWN_STEP = '[[steps]]\nexercise = "towel"\n'
OWN = '[[exercises]]\nid = "towel"\nname = "Towel pull"\ncues = ["Sit tall."]\n'


def an_exercise(name: str, title: str, *postures: Posture) -> Exercise:
    return Exercise(name, title, name, Kind.STRETCH, postures, True, 20, 30, Cues(("Stand.",)))


EXERCISES: Mapping[str, Exercise] = {
    "calf_wall": an_exercise("calf_wall", "Wall calf stretch", Posture.STANDING),
    "ham_floor": an_exercise("ham_floor", "Seated hamstring", Posture.FLOOR, Posture.BED),
}


class Known:
    """The exercises of the app, as far as these tests need them."""

    def exercises(self) -> Mapping[str, Exercise]:
        return EXERCISES


def written(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def png(width: int = 3, height: int = 2, extra: bytes = b"") -> bytes:
    """A whole PNG; `extra` stands in a part of its own, to make two of them differ."""

    def part(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 100)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", header)
        + (part(b"tEXt", b"Note\x00" + extra) if extra else b"")
        + part(b"IDAT", pixels)
        + part(b"IEND", b"")
    )


def jpeg(width: int = 3, height: int = 2) -> bytes:
    """What of a JPEG is looked at: its beginning, its size, its pixels' beginning and its end."""
    size = b"\xff\xc0\x00\x0b\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04ab" + size + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"12\xff\xd9"


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path d="M0 0h9"/></svg>'

"""A plan and its pictures in one zip file: packs them, and unpacks them with bounds on everything.

It leaves out what is in the plan and whether the pictures can be shown.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from coach.i18n import N_, Line
from coach.services.ports import PlanFileError, Problem
from coach.storage import plan_pictures, toml_reading

# Bytes of the whole file, members, and how many times larger than packed something may become.
LARGEST = 33 * 1024 * 1024
MOST_MEMBERS = 200
MOST_TIMES = 100
_SMALL = 1024 * 1024
_LARGEST_INDEX = 64 * 1024
# What file managers put beside the files they pack.
_LITTER = ("__MACOSX/",)


@dataclass(frozen=True)
class Unpacked:
    """What a zip holds: the plan's file name and text, and everything else that may be a picture."""

    name: str
    plan: bytes
    pictures: dict[str, bytes]
    unused: tuple[str, ...]


def packed(name: str, plan: bytes, pictures: dict[str, bytes]) -> bytes:
    """A zip with the plan as `name` and its pictures beside it; the same input gives the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in ((name, plan), *sorted(pictures.items())):
            info = zipfile.ZipInfo(one)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return target.getvalue()


def unpack(path: Path) -> Unpacked:
    """What is in the zip file `path`. Raises PlanFileError, also for a zip that may do harm."""

    def stop(sentence: str, **fields: str) -> NoReturn:
        shown = {key: toml_reading.shortened(value) for key, value in fields.items()}
        line = Line(sentence, (("name", toml_reading.named(path)), *shown.items()))
        raise PlanFileError([Problem(path, 0, line)])

    broken = N_("“{name}” is not a whole zip file.")
    toml_reading.check_file(path)
    try:
        with path.open("rb") as file:
            # The index is looked at before anything reads it: it alone can take minutes.
            size = file.seek(0, os.SEEK_END)
            if size > LARGEST:
                stop(N_("“{name}” is larger than 33 MiB. A plan is far smaller: is this the right file?"))
            file.seek(max(size - 42, 0))
            before, end = (end := file.read())[:-22], end[-22:]
            if end[:4] != b"PK\x05\x06" or before[:4] == b"PK\x06\x07":
                stop(broken)
            members, index = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
            if members > MOST_MEMBERS or index > _LARGEST_INDEX:
                stop(N_("“{name}” has too many files in it. A plan has one, and its pictures."))
            with zipfile.ZipFile(file) as archive:
                return _members(archive, stop)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        stop(broken)


def _members(archive: zipfile.ZipFile, stop: object) -> Unpacked:
    assert callable(stop)
    wanted: dict[str, zipfile.ZipInfo] = {}
    total = 0
    infos = [one for one in archive.infolist() if not one.orig_filename.startswith(_LITTER)]
    folder = _common_folder([one.orig_filename for one in infos])
    for info in infos:
        full = info.orig_filename
        if not is_plain(full):
            stop(
                N_("“{name}” holds a file “{member}” that would land outside. It is not opened."), member=full
            )
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            stop(N_("“{name}” holds a link “{member}”. It is not opened."), member=full)
        if info.is_dir():
            continue
        if info.flag_bits & 1:
            stop(N_("“{name}” is locked with a password. Unpack it first."))
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            stop(N_("“{name}” is packed in an unusual way. Pack it again as a plain zip."))
        total += info.file_size
        grown = info.file_size > max(MOST_TIMES * info.compress_size, _SMALL)
        if total > LARGEST or grown or info.file_size > plan_pictures.LARGEST:
            stop(N_("“{name}” would become far too large. It is not opened."))
        plain = full.removeprefix(folder)
        if plain in wanted:
            stop(N_("“{name}” holds “{member}” twice. It is not opened."), member=plain)
        wanted[plain] = info
    plans = [name for name in wanted if name.lower().endswith(".toml") and "/" not in name]
    if len(plans) != 1:
        stop(N_("“{name}” must hold one plan (a .toml file) and its pictures."))
    text = _contents(archive, wanted.pop(plans[0]), toml_reading.LARGEST)
    if len(text) > toml_reading.LARGEST:
        stop(N_("The plan in “{name}” is larger than 1 MiB."))
    pictures: dict[str, bytes] = {}
    unused: list[str] = []
    for name, info in wanted.items():
        if plan_pictures.name_problem(name) is None:
            pictures[name] = _contents(archive, info, plan_pictures.LARGEST)
        else:
            unused.append(name)
    return Unpacked(plans[0], text, pictures, tuple(unused))


def is_plain(name: str) -> bool:
    """Whether a name in a zip stays below the place it is unpacked to, on every system."""
    parts = name.removesuffix("/").split("/")
    return name.isprintable() and not any(
        part in ("", ".", "..") or "\\" in part or ":" in part for part in parts
    )


def _common_folder(names: list[str]) -> str:
    """The folder that everything is in, as when a whole folder was packed; "" when there is none."""
    first, slash, _rest = names[0].partition("/") if names else ("", "", "")
    folder = first + slash
    return folder if slash and all(name.startswith(folder) for name in names) else ""


def _contents(archive: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int) -> bytes:
    """The bytes of a member; never many more than `largest`, whatever its index says."""
    with archive.open(info) as member:
        return member.read(largest + 1)

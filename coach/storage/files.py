"""Small files: reads them within bounds, replaces them whole, and puts damaged ones aside.

It leaves out what is in them.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from coach.i18n import N_, Line
from coach.services.ports import StoreError


def read(path: Path, largest: int) -> bytes | None:
    """The bytes of a file, None when there is none. Raises StoreError.

    Of a larger file than `largest` bytes only one byte more is read, so that the caller can tell.
    """
    try:
        if path.exists() and not path.is_file():
            raise StoreError(Line(N_("“{path}” is not a file. Move it away."), (("path", shown(path)),)))
        with path.open("rb") as file:
            return file.read(largest + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(_line(N_("“{path}” cannot be read: {reason}. {help}"), path, error)) from error


def replace(path: Path, data: bytes) -> None:
    """Put `data` in the place of the file: after a power cut it is the old one or the new one, whole.

    Raises StoreError. A symbolic link stays one: the file it leads to is replaced.
    """
    new = path
    try:
        path = Path(os.path.realpath(path))
        new = path.with_name(f"{path.name}.new-{os.getpid()}")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with new.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except OSError:
            new.unlink(missing_ok=True)
            raise
        settle(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error


def settle(folder: Path) -> None:
    """Make the names in `folder` survive a power cut, where the system can do that."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders, and needs none of this
        return
    try:
        os.fsync(handle)
    except OSError:  # some network file systems refuse; the file itself is safe
        pass
    finally:
        os.close(handle)


def put_aside(path: Path, endings: tuple[str, ...] = ("",)) -> Path:
    """Rename a damaged file to NAME.broken-1 (or -2 ...) and say what it is called now. Raises StoreError.

    `endings` name the files beside it that belong to it.
    """
    number = 1
    try:
        while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
            number += 1
        for ending in endings:
            beside = path.with_name(path.name + ending)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + ending))
        settle(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    return aside


def unwritable(path: Path, error: OSError) -> StoreError:
    """What went wrong while writing `path`, where, and what to do."""
    return StoreError(_line(N_("“{path}” cannot be saved: {reason}. {help}"), path, error))


def shown(path: Path) -> str:
    """`path` as it may stand in a sentence, whatever bytes it is made of."""
    return "".join(one if one.isprintable() else "?" for one in str(path))


def _line(sentence: str, path: Path, error: OSError) -> Line:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            help_ = N_("Make some room on the disk, then try again.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            help_ = N_("Allow writing there, or choose another place with --data-dir.")
        case _:
            help_ = N_("Check that folder, or choose another place with --data-dir.")
    reason = error.strerror or str(error)
    return Line(sentence, (("path", shown(path)), ("reason", reason), ("help", help_)))

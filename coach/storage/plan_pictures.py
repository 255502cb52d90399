"""Pictures beside a plan: checks by their bytes alone that one is a PNG, JPEG or SVG fit to be shown.

It leaves out decoding them: what is checked here is that a decoder can be trusted with them.
"""

from __future__ import annotations

import re
import stat
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from coach.i18n import N_, Line

# Bytes and pixels; larger pictures are refused unread (architecture 6).
LARGEST = 8 * 1024 * 1024
LARGEST_SVG = 512 * 1024
LARGEST_TOGETHER = 32 * 1024 * 1024
MOST_PIXELS = 20_000_000
LONGEST_NAME = 100
ENDINGS = (".png", ".jpg", ".jpeg", ".svg")
# What a picture may be called: a plain name on every system, hidden nowhere.
_NAME = re.compile(r'[^\x00-\x1f/\\:*?"<>|.][^\x00-\x1f/\\:*?"<>|]*\.(?:png|jpe?g|svg)', re.IGNORECASE)

# What is wrong with the picture of this name, or None.
Check = Callable[[str], Line | None]

_NO_SVG = N_(
    "“{name}” is cut short, or has a document type. Save it as a plain SVG, or take another picture."
)
_BROKEN = N_("“{name}” is not a whole picture. Save it again, or take another one.")


def beside(plan: Path) -> Check:
    """A check of the pictures in the folder of the plan file `plan`."""
    return checked(lambda name: contents(plan.parent / name))


def within(pictures: Mapping[str, bytes]) -> Check:
    """A check of pictures that are known already."""

    def found(name: str) -> bytes | Line:
        line = Line(N_("There is no picture “{name}” beside the plan."), (("name", name),))
        return pictures.get(name, line)

    return checked(found)


def checked(found: Callable[[str], bytes | Line]) -> Check:
    """A check of the pictures of one plan, that `found` gives the bytes of; each is looked at once."""
    seen: dict[str, Line | None] = {}
    total = 0

    def check(name: str) -> Line | None:
        nonlocal total
        if name not in seen:
            seen[name] = name_problem(name)
            data = seen[name] or found(name)
            if isinstance(data, bytes):
                total += len(data)
                seen[name] = problem(name, data)
            else:
                seen[name] = data
            if total > LARGEST_TOGETHER and seen[name] is None:
                seen[name] = Line(N_("The pictures of a plan may have 32 MiB together. Make them smaller."))
        return seen[name]

    return check


def contents(path: Path) -> bytes | Line:
    """The bytes of a picture, or why there are none."""
    fields = (("name", path.name),)
    try:
        # Not followed: a link could show any file of the computer in a plan from somewhere else.
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return Line(N_("“{name}” is a link. Put the picture itself beside the plan."), fields)
        if not stat.S_ISREG(mode):
            return Line(N_("“{name}” is not a file."), fields)
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return Line(N_("There is no picture “{name}” beside the plan."), fields)
    except OSError as error:
        reason = (("reason", error.strerror or str(error)),)
        return Line(N_("“{name}” cannot be read: {reason}."), (*fields, *reason))
    if len(data) > LARGEST:
        return Line(N_("“{name}” is larger than 8 MiB. Make it smaller."), fields)
    return data


def name_problem(name: str) -> Line | None:
    """Why a picture cannot be called `name`, or None."""
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        sentence = N_("“picture” must be the name of a PNG, JPEG or SVG file beside the plan.")
        return Line(sentence)
    return None


def problem(name: str, data: bytes) -> Line | None:
    """Why the picture `name` with these bytes cannot be shown, or None."""
    fields = (("name", name),)
    if len(data) > LARGEST:
        return Line(N_("“{name}” is larger than 8 MiB. Make it smaller."), fields)
    kind = name.rsplit(".", 1)[-1].lower()
    if kind == "svg":
        return _svg_problem(data, fields)
    size = _png_size(data) if kind == "png" else _jpeg_size(data)
    if size is None:
        return Line(_BROKEN, fields)
    if not 0 < size[0] * size[1] <= MOST_PIXELS:
        return Line(N_("“{name}” has more than 20 million pixels. Make it smaller."), fields)
    return None


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a whole PNG: every part there, and as it was written."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return None
    at, has_pixels = 8, False
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        end = at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end]):
            return None
        kind = data[at + 4 : at + 8]
        has_pixels = has_pixels or kind == b"IDAT"
        if kind == b"IEND":
            size = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
            return size if has_pixels else None
        at = end
    return None


# The markers of a JPEG that carry its size, and those that have no length after them.
_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG that begins, names its size and ends."""
    if data[:3] != b"\xff\xd8\xff" or b"\xff\xd9" not in data[-4096:]:
        return None
    at = 2
    size: tuple[int, int] | None = None
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == 0xDA:  # the pixels begin
            return size
        length = int.from_bytes(data[at + 2 : at + 4])
        if marker in _SIZES:
            if length < 8 or at + 9 > len(data):
                return None
            size = int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if length < 2:
            return None
        at += 2 + length
    return None


_SVG = "{http://www.w3.org/2000/svg}"
# Drawing only: nothing that runs, loads, moves, filters or repeats itself.
_DRAWING = frozenset(
    {
        "svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline",
        "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "title", "desc", "metadata",
        "clipPath", "mask", "style",
    }
)  # fmt: skip
_MOST_ELEMENTS, _MOST_DEPTH = 5000, 50
_OUTSIDE = re.compile(r"url\s*\(\s*(?![\s\"']*#)|@import|javascript:|expression\s*\(|\\", re.IGNORECASE)


def _svg_problem(data: bytes, fields: tuple[tuple[str, str], ...]) -> Line | None:
    if len(data) > LARGEST_SVG:
        return Line(N_("“{name}” is larger than 512 KiB. Make it simpler."), fields)
    root = xml_events(data)
    if root is None:
        return Line(_NO_SVG, fields)
    unsafe = Line(
        N_("“{name}” holds more than a drawing: links, scripts or effects. Save it as a plain SVG."),
        fields,
    )
    names = set()
    uses = 0
    depth = 0
    for count, (event, tag, attributes, text) in enumerate(root):
        if event == "end":
            depth -= 1
            if tag.removeprefix(_SVG) == "style" and _OUTSIDE.search(text):
                return unsafe
            continue
        depth += 1
        if count > 2 * _MOST_ELEMENTS or depth > _MOST_DEPTH:
            return Line(N_("“{name}” has too many parts. Make it simpler."), fields)
        plain = tag.removeprefix(_SVG)
        if count == 0 and plain != "svg":
            return Line(_NO_SVG, fields)
        if "{" not in plain and plain not in _DRAWING:
            return unsafe
        names.add(plain)
        uses += plain == "use"
        for key, value in attributes.items():
            if _is_unsafe(key, value):
                return unsafe
        if count == 0 and not _is_small(attributes):
            return Line(N_("“{name}” has more than 20 million pixels. Make it smaller."), fields)
    # A symbol used in a symbol used in a symbol ... can stand for billions of parts.
    if uses > 100 or (uses and _nests_uses(root)):
        return unsafe
    return None


def _is_unsafe(key: str, value: str) -> bool:
    name = key.rsplit("}", 1)[-1].lower()
    if name.startswith("on"):
        return True
    if name in ("href", "src"):
        return not value.strip().startswith("#")
    return bool(_OUTSIDE.search(value)) and not key.startswith("{")


def _is_small(attributes: dict[str, str]) -> bool:
    sizes = [re.match(r"\s*(\d{1,9}(?:\.\d*)?)", attributes.get(key, "100")) for key in ("width", "height")]
    return all(sizes) and float(sizes[0][1]) * float(sizes[1][1]) <= MOST_PIXELS  # type: ignore[index]


def _nests_uses(events: list[tuple[str, str, dict[str, str], str]]) -> bool:
    """Whether something that is used holds a use itself."""
    used = {
        value.strip()[1:]
        for event, tag, attributes, _text in events
        if event == "start" and tag.removeprefix(_SVG) == "use"
        for key, value in attributes.items()
        if key.rsplit("}", 1)[-1] == "href"
    }
    inside = 0
    stack: list[bool] = []
    for event, tag, attributes, _text in events:
        if event == "start":
            stack.append(attributes.get("id") in used)
            inside += stack[-1]
            if inside and tag.removeprefix(_SVG) == "use":
                return True
        else:
            inside -= stack.pop()
    return False


def xml_events(data: bytes) -> list[tuple[str, str, dict[str, str], str]] | None:
    """The elements of an XML file as (start or end, tag, attributes, text); None when it is not plain XML.

    A file with a document type, an entity or a processing instruction is not plain: it could grow without
    bounds, or ask for other files. Of a file of more than 40,000 events the first are returned.
    """
    from xml.parsers import expat

    found: list[tuple[str, str, dict[str, str], str]] = []
    texts: list[list[str]] = []

    def refuse(*_anything: object) -> int:
        raise ValueError("not plain")

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(texts) > 200 or len(found) > 40_000:
            raise ValueError("too large")
        found.append(("start", _named(tag), {_named(key): value for key, value in attributes.items()}, ""))
        texts.append([])

    def end(tag: str) -> None:
        found.append(("end", _named(tag), {}, "".join(texts.pop())))

    def text(part: str) -> None:
        if texts:
            texts[-1].append(part)

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except (ValueError, LookupError, expat.ExpatError):
        return None
    return found


def _named(name: str) -> str:
    return f"{{{name}" if "}" in name else name

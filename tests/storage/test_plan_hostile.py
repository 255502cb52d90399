"""Files that mean harm cost less than a second and 100 MB, end in a sentence, and write nothing outside.

Each is brought in by the real command in a process of its own, which tells what it took.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.paths import assets_dir
from tests.storage.plan_samples import HEAD, OWN, OWN_STEP, STEP, png, written

ROOT = Path(__file__).parents[2]
MIB = 2**20
# Seconds of the processor, for the whole process with Python's own start; and MiB of memory at its most.
LONGEST, LARGEST = 1.0, 100

CHILD = """
import sys
from coach import cli
code = cli.main(sys.argv[1:])
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
print("MEASURED", code, peak, used.ru_utime + used.ru_stime)
"""


def filled(unit: str, head: str = HEAD) -> str:
    """As many of `unit` as fit into the largest file that is read at all."""
    return head + unit * ((MIB - len(head)) // len(unit.encode()))


def numbered(unit: str, count: int, head: str = HEAD) -> str:
    return head + "".join(unit.replace("%", str(number)) for number in range(count))


def zipped(*members: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def a_link() -> zipfile.ZipInfo:
    link = zipfile.ZipInfo("mine.toml")
    link.external_attr = 0o120777 << 16
    return link


def workouts(plans: int, moves: int) -> str:
    listed = [{"name": f"Move {number}", "duration": 30} for number in range(moves)]
    one = {"title": "Legs", "sets": [{"repetitions": 10**9, "exercises": listed}]}
    return json.dumps({"workouts": [one] * plans})


HOSTILE: dict[str, tuple[str, Callable[[], str | bytes]]] = {
    "10 MB": (".toml", lambda: "#" * (10 * MIB)),
    "10 MB of JSON": (".json", lambda: "[" * (10 * MIB)),
    "lists in lists": (".toml", lambda: filled("[", HEAD + "a = ")),
    "tables in tables": (".toml", lambda: filled("{a=", HEAD + "a = ")),
    "endless steps": (".toml", lambda: filled("[[steps]]\n")),
    "endless tables": (".toml", lambda: numbered("[t%]\n", 90_000)),
    "endless keys": (".toml", lambda: numbered("k%=1\n", 19_000)),
    "endless keys of parts": (".toml", lambda: numbered("k%.b.c.d=1\n", 19_000)),
    "endless keys of many parts": (".toml", lambda: numbered("k%.b.c.d.e.f.g.h=1\n", 40_000)),
    "one key of endless parts": (".toml", lambda: filled("a.")),
    "endless inline tables": (".toml", lambda: filled("{},", HEAD + "steps = [")),
    "endless empty texts": (".toml", lambda: filled('"",', HEAD + "a = [")),
    "an endless number": (".toml", lambda: filled("9", HEAD + "rest = ")),
    "an endless exponent": (".toml", lambda: filled("9", HEAD + "rest = 1e")),
    "an endless text": (".toml", lambda: filled("\\\n", HEAD + 'note = """')),
    "an open text of quotes": (".toml", lambda: filled('\\"', HEAD + 'note = "')),
    "unknown exercises that look alike": (
        ".toml",
        lambda: numbered('[[steps]]\nexercise = "calf_wall_calf_wall_calf_wall_%"\n', 1000),
    ),
    "everything wrong": (
        ".toml",
        lambda: numbered('[[steps]]\nexercise="calf_wal%"\nseconds=0\nsides="lft%"\nsecnds=nan\n', 1000),
    ),
    "endless exercises": (
        ".toml",
        lambda: numbered(OWN.replace("towel", "t%") + 'picture = "p%.png"\n', 9000, HEAD + STEP),
    ),
    "brackets in JSON": (".json", lambda: '{"a":' * 200_000),
    "quotes in JSON": (".json", lambda: '"' + "\\'" * 500_000),
    "endless repetitions": (".json", lambda: workouts(200, 40)),
    "endless moves": (".json", lambda: workouts(1, 20_000)),
    "endless presets": (".json", lambda: json.dumps([{"exercise_s": 30, "sets": 10**9}] * 20_000)),
    "a number that is none": (".json", lambda: '{"workouts": [NaN, 1e999, -0]}'),
    "half a letter": (".json", lambda: workouts(1, 1).replace("Legs", "\\ud800\\u202e")),
    "laughing entities": (
        ".xml",
        lambda: '<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><exercises>&b;</exercises>',
    ),
    "tags in tags": (".xml", lambda: "<a>" * 300_000),
    "endless tags": (
        ".xml",
        lambda: "<exercises>" + "<exercise><title>t</title></exercise>" * 25_000 + "</exercises>",
    ),
    "endless attributes": (
        ".xml",
        lambda: "<exercises " + "".join(f'a{number}="" ' for number in range(80_000)) + "/>",
    ),
    "a bomb": (".zip", lambda: zipped(("mine.toml", HEAD + STEP), ("a.png", b"\0" * (60 * MIB)))),
    "a bomb of a plan": (".zip", lambda: zipped(("mine.toml", (HEAD + STEP).encode() + b"#" * (60 * MIB)))),
    "a way out": (".zip", lambda: zipped(("../../mine.toml", HEAD + STEP))),
    "a way to the root": (".zip", lambda: zipped(("/tmp/mine.toml", HEAD + STEP))),
    "a way out of Windows": (".zip", lambda: zipped(("..\\mine.toml", HEAD + STEP))),
    "a link": (".zip", lambda: zipped((a_link(), "/etc/passwd"))),
    "endless members": (".zip", lambda: zipped(*((f"{number}.png", "") for number in range(20_000)))),
    "heavy pictures": (
        ".zip",
        lambda: zipped(
            ("mine.toml", HEAD + OWN_STEP + OWN + 'picture = "0.png"\n'),
            *((f"{number}.png", png(extra=bytes(range(1, 256)) * 30_000)) for number in range(4)),
        ),
    ),
}  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured by /proc")
@pytest.mark.parametrize(("ending", "make"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_costs_little_and_writes_nothing_outside(
    ending: str, make: Callable[[], str | bytes], tmp_path: Path
) -> None:
    path = written(tmp_path / "in" / f"try{ending}", make())
    before = {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*")}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            CHILD,
            "--data-dir",
            str(tmp_path / "data"),
            "plans",
            "import",
            str(path),
            "--yes",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in done.stderr and done.returncode == 0, done.stderr
    _word, code, peak, seconds = done.stdout.splitlines()[-1].split()
    assert (code == "0") or done.stderr.startswith(str(path)), "refused with a sentence that names the file"
    assert float(seconds) <= LONGEST and int(peak) <= LARGEST, f"{seconds} s, {peak} MiB"
    new = {one for one in tmp_path.rglob("*") if before.get(one) != one.stat().st_mtime_ns} - {tmp_path}
    plans = tmp_path / "data" / "data" / "plans"
    assert all(one == plans or plans in one.parents or one in plans.parents for one in new), new


def test_the_command_itself_costs_a_fraction_of_that(tmp_path: Path) -> None:
    """So that the bound above is one on the file, not on Python."""
    good = assets_dir() / "plans" / "bedtime.toml"
    test_a_hostile_file_costs_little_and_writes_nothing_outside(".toml", good.read_bytes, tmp_path)


def test_every_way_to_hide_or_fake_text_is_shown_as_plain_characters_or_refused(tmp_path: Path) -> None:
    """What is printed about a hostile file can neither move the cursor nor turn the line round."""
    path = written(
        tmp_path / "a\u202eb\x1b[2J.toml", 'format = 1\nna\u2066me = "\u202e"\n"a\\u001b[2J" = 1\n'
    )
    done = subprocess.run(
        [sys.executable, "-m", "coach", "--data-dir", str(tmp_path / "d"), "plans", "check", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1 and done.stderr
    assert all(one.isprintable() or one == "\n" for one in done.stderr)

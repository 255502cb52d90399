"""Feeds broken and hostile plan files to everything that reads them, and counts what is taken and refused.

Run: .venv/bin/python packaging/fuzz/plans.py [--examples N] [--seed N] [--atheris SECONDS]
It fails with the bytes in the way when a file is neither taken nor refused with a sentence, when one takes
longer than a second, or when anything is written outside the folder of the user's own plans. The examples
come from hypothesis; with --atheris and that package (pip install atheris) the code they reach leads them. It
leaves out memory: tests/storage/test_plan_hostile.py measures that.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import struct
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

# Seconds one file may take, many times what it should: the machine may be busy with other things.
LONGEST = 1.0

PLAN = """\
# My evening.
format = 1
name = "Mine"
id = "mine"
description = "For long days."
rest = 10

# First the calf.
[[steps]]
exercise = "calf_wall"
seconds = 45 # the doctor said so
sides = "left"
rounds = 2
rest = 5
extra = { side = "left", seconds = 10 }
posture = "standing"
note = "Slowly."

[[steps]]
exercise = "towel"
wait = true

[[exercises]]
id = "towel"
name = "Towel pull"
kind = "mobility"
postures = ["bed", "chair"]
sides = true
seconds = 30
cues = ["Towel round the {side} foot."]
stop = ["a sharp pain"]
picture = "PICTURE"
"""
WORKOUT = {
    "workouts": [
        {
            "title": "Legs",
            "version": 2,
            "sets": [
                {
                    "repetitions": 3,
                    "name": "A",
                    "exercises": [
                        {"name": "Lunge", "duration": 30},
                        {"name": "Rest", "duration": 10},
                    ],
                }
            ],
        }
    ]
}
PRESET = [{"name": "Squats", "sets": 12, "warmup_s": 10, "exercise_s": 40, "rest_s": 20}]
WORKRAVE = """\
<?xml version="1.0"?><exercises><exercise><title xml:lang="de">Hals</title><title>Neck</title>
<description>Sit tall. Look left.</description><sequence duration="45"><image src="a.png" duration="5"
mirrorx="yes"/></sequence></exercise></exercises>"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g id="a"/><use href="#a"/></svg>'
# What tends to break readers.
NASTY = (
    "{side:>999999999}", "{0.__class__}", "<img src=file:///etc/passwd>", "\u202e", "\u2066", "\x00",
    "\x1b[2J", "../", "..\\", "/etc/passwd", "C:", "nan", "inf", "-0", "1e999", "0x" + "f" * 400, "9" * 400,
    "2026-11-20", "true", "[" * 60, "{a=" * 30, "a." * 30, '"""', "'''", "\\", "\\ud800", "\\U0010ffff", "\r",
    "\n[[steps]]\n", "[[exercises]]\n", "[steps.extra]\n", "steps = []\n", '"steps".x = 1\n', "#",
    "<!DOCTYPE a>", "&a;", "<![CDATA[", "null", "NaN", '"sets":', '"workouts":', "-1", "99999999999999999999",
)  # fmt: skip
ENDINGS = (".toml", ".stretchplan.toml", ".json", ".xml", ".zip", ".png", ".jpg", ".svg")


def png() -> bytes:
    """A whole PNG."""

    def part(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    header = part(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + part(b"IDAT", zlib.compress(b"\x00" * 9)) + part(b"IEND", b"")


def jpeg() -> bytes:
    """What of a JPEG is looked at."""
    size = b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04ab" + size + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x0012\xff\xd9"


def packed(*members: tuple[str, bytes]) -> bytes:
    """A zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def seeds() -> list[tuple[str, bytes]]:
    """Good files, by ending, that examples are made from."""
    plan = PLAN.replace("PICTURE", "a.png").encode()
    return [
        (".toml", plan),
        (".toml", PLAN.replace("PICTURE", "a.svg").encode()),
        (".toml", b'format = 1\nname = "x"\nsteps = [{ exercise = "calf_wall" }]\n'),
        (".json", json.dumps(WORKOUT).encode()),
        (".json", json.dumps(PRESET).encode()),
        (".xml", WORKRAVE.encode()),
        (".zip", packed(("mine.toml", plan), ("a.png", png()))),
        (".zip", packed(("f/mine.toml", PLAN.replace("PICTURE", "a.svg").encode()), ("f/a.svg", SVG))),
        (".png", png()),
        (".jpg", jpeg()),
        (".svg", SVG),
    ]


def is_showable(text: str) -> bool:
    """Whether a text holds nothing that moves the cursor, hides, or turns other text round."""
    bad = {*map(chr, range(32)), *map(chr, range(127, 160)), *"\u200e\u200f\u2028\u2029\ufeff"}
    bad |= {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
    return not bad & set(text)


class Target:
    """One place on the disk in which files are tried, one after the other."""

    def __init__(self) -> None:
        from coach.paths import assets_dir
        from coach.storage.exercise_toml import ExerciseFiles

        self.place = Path(tempfile.mkdtemp(prefix="coach-fuzz-"))
        self.counts: Counter[str] = Counter()
        self.slowest = 0.0
        self._shipped = assets_dir() / "plans"
        self._exercises = ExerciseFiles(assets_dir() / "exercises")
        self._exercises.exercises()

    def close(self) -> None:
        shutil.rmtree(self.place, ignore_errors=True)

    def examine(self, ending: str, data: bytes) -> None:
        """Try one file. Raises AssertionError when it is not handled as it should be."""
        from coach.i18n import render
        from coach.services.ports import PlanFileError, StoreError
        from coach.storage import plan_pictures, plan_saving
        from coach.storage.plan_folder import PlanFiles

        inside, own = self.place / "in", self.place / "own"
        shutil.rmtree(own, ignore_errors=True)
        shutil.rmtree(inside, ignore_errors=True)
        inside.mkdir()
        path = inside / f"try{ending}"
        path.write_bytes(data)
        kind = ending.rsplit(".", 1)[-1]
        before = self._files(inside)
        began = time.perf_counter()
        if kind in ("png", "jpg", "svg"):
            line = plan_pictures.problem(path.name, data)
            assert line is None or is_showable(render(line))
            self.counts[f"{kind} {'taken' if line is None else 'refused'}"] += 1
        else:
            (inside / "a.png").write_bytes(png())
            (inside / "a.svg").write_bytes(SVG)
            before = self._files(inside)
            files = PlanFiles(self._shipped, own, self._exercises)
            try:
                preview = files.preview(path)
            except PlanFileError as error:
                assert error.problems
                for problem in error.problems:
                    assert is_showable(render(problem.text)), render(problem.text)
                    assert all(is_showable(text) for _number, text in problem.around)
                self.counts[f"{kind} refused"] += 1
            else:
                self._checked(preview.lost, [one.plan for one in (preview, *preview.others)])
                try:
                    plan = files.bring_in(preview)
                except StoreError as error:
                    raise AssertionError(f"previewed, yet not kept: {render(error.line)}") from error
                again = PlanFiles(self._shipped, own, self._exercises).mine()
                assert again == ([plan], []), again
                assert plan_saving.canonical(plan).steps == plan_saving.canonical(preview.plan).steps
                out = files.export(plan, inside / "out")
                assert files.preview(out).plan.steps == plan.steps
                out.unlink()
                files.remove(plan.id)
                self.counts[f"{kind} taken"] += 1
        took = time.perf_counter() - began
        self.slowest = max(self.slowest, took)
        assert took <= LONGEST, f"{took:.2f} s"
        assert self._files(inside) == before, "something was written beside the file"
        assert {one.name for one in self.place.iterdir()} <= {"in", "own"}, "something was written outside"

    @staticmethod
    def _checked(lost: object, plans: list[object]) -> None:
        from coach.domain.plan import Plan
        from coach.i18n import render

        assert isinstance(lost, tuple)
        assert all(is_showable(render(line)) for line in lost)
        for plan in plans:
            assert isinstance(plan, Plan)
            texts = [plan.id, plan.name, plan.description, *(step.note for step in plan.steps)]
            for one in plan.exercises:
                texts += [one.id, one.name, *one.cues.setup, *one.cues.hold, one.cues.release, *one.stop]
            assert all(is_showable(text) for text in texts), texts

    @staticmethod
    def _files(folder: Path) -> dict[str, tuple[int, int]]:
        return {
            one.name: (one.stat().st_size, one.stat().st_mtime_ns)
            for one in folder.rglob("*")
            if one.is_file()
        }


def with_hypothesis(target: Target, examples: int, seed: int) -> None:
    """Good files with pieces cut out, doubled, moved and replaced by nasty ones."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    good = seeds()
    words = st.sampled_from([word.encode("utf-8", "surrogatepass") for word in NASTY]) | st.binary(max_size=6)
    values = st.sampled_from(
        [
            "0",
            "-1",
            "5",
            "1801",
            "30.5",
            "nan",
            "true",
            '""',
            '"x"',
            "[]",
            "{}",
            "2026-11-20",
            "1e99",
            '"left"',
            '"bed"',
        ]
    )

    @st.composite
    def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
        ending, data = draw(st.sampled_from(good))
        if ending == ".zip" and draw(st.booleans()):
            names = draw(st.lists(st.sampled_from(NASTY) | st.text(max_size=8), max_size=3, unique=True))
            members = [("mine.toml", good[0][1]), ("a.png", png()), *((f"{one}.png", b"x") for one in names)]
            data = packed(*((name.replace("\x00", ""), one) for name, one in members if name))
        for _turn in range(draw(st.integers(0, 4))):
            at = draw(st.integers(0, len(data)))
            match draw(st.integers(0, 4)):
                case 0:
                    data = data[:at] + draw(words) + data[at:]
                case 1:
                    data = data[:at] + data[at + draw(st.integers(1, 40)) :]
                case 2:
                    data = data[:at] + draw(words) + data[at + draw(st.integers(1, 12)) :]
                case 3 if ending == ".toml" and b"\n" in data:
                    lines = data.split(b"\n")
                    number = draw(st.integers(0, len(lines) - 1))
                    key = lines[number].partition(b"=")[0]
                    lines[number] = key + b"= " + draw(values).encode()
                    data = b"\n".join(lines)
                case _:
                    end = draw(st.integers(at, min(at + 200, len(data))))
                    data = data[:at] + data[at:end] * draw(st.integers(0, 3)) + data[end:]
        if draw(st.integers(0, 20)) == 0:
            ending = draw(st.sampled_from(ENDINGS))
        return ending, data

    @seeded(seed)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(example=mutated())
    def run(example: tuple[str, bytes]) -> None:
        target.examine(*example)

    run()


def with_atheris(target: Target, seconds: int) -> None:
    """Examples led by the code they reach, for about so many seconds; ends the process."""
    import atheris  # type: ignore[import-not-found, unused-ignore]

    atheris.instrument_all()
    corpus = target.place.with_name(target.place.name + "-corpus")
    corpus.mkdir()
    for number, (ending, data) in enumerate(seeds()):
        (corpus / str(number)).write_bytes(bytes([ENDINGS.index(ending)]) + data)

    def one(data: bytes) -> None:
        if data:
            target.examine(ENDINGS[data[0] % len(ENDINGS)], data[1:])
            if sum(target.counts.values()) % 10_000 == 0:
                report(target)  # it ends without giving us another chance

    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=4096", str(corpus)], one)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(corpus, ignore_errors=True)


def report(target: Target) -> None:
    """Print the counts."""
    total = sum(target.counts.values())
    print(f"{total} files, slowest {1000 * target.slowest:.0f} ms")
    for name, count in sorted(target.counts.items()):
        print(f"  {name:<14} {count}")


def main() -> int:
    """Run what the command line asks for; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--atheris", type=int, metavar="SECONDS")
    options = parser.parse_args()
    target = Target()
    try:
        if options.atheris:
            with_atheris(target, options.atheris)
        else:
            with_hypothesis(target, options.examples, options.seed)
            report(target)
    except AssertionError as error:
        print(f"Not handled as it should be: {error}", file=sys.stderr)
        raise
    finally:
        target.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A zip with a plan and its pictures is opened with bounds on everything, and writes nothing by itself."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from coach.i18n import render
from coach.services.ports import PlanFileError
from coach.storage import plan_imports, plan_zip
from tests.storage.plan_samples import EXERCISES, HEAD, OWN, OWN_STEP, STEP, png, written

PLAN = HEAD + OWN_STEP + OWN + 'picture = "a.png"\n'


def a_zip(path: Path, *members: tuple[str | zipfile.ZipInfo, str | bytes], comment: bytes = b"") -> Path:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
        archive.comment = comment
    return written(path, target.getvalue())


def refused(path: Path) -> str:
    with pytest.raises(PlanFileError) as caught:
        plan_imports.preview(path, EXERCISES)
    return render(caught.value.problems[0].text)


def test_what_was_packed_is_what_is_unpacked(tmp_path: Path) -> None:
    data = plan_zip.packed("mine.toml", PLAN.encode(), {"b.png": b"2", "a.png": b"1"})
    assert data == plan_zip.packed("mine.toml", PLAN.encode(), {"a.png": b"1", "b.png": b"2"})
    held = plan_zip.unpack(written(tmp_path / "a.zip", data))
    assert (held.name, held.plan, held.pictures) == (
        "mine.toml",
        PLAN.encode(),
        {"a.png": b"1", "b.png": b"2"},
    )


def test_a_zip_is_previewed_with_its_pictures_and_what_is_not_used(tmp_path: Path) -> None:
    path = a_zip(
        tmp_path / "a.zip", ("mine.toml", PLAN), ("a.png", png()), ("b.png", png()), ("read.me", "x")
    )
    made = plan_imports.preview(path, EXERCISES)
    assert made.plan.id == "mine" and made.pictures == (("a.png", png()),)
    assert [render(line) for line in made.lost] == [
        "“read.me” is not used by the plan.",
        "“b.png” is not used by the plan.",
    ]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip"]


def test_a_packed_folder_is_as_good(tmp_path: Path) -> None:
    path = a_zip(
        tmp_path / "a.zip",
        ("legs/", ""),
        ("legs/mine.toml", PLAN),
        ("legs/a.png", png()),
        ("__MACOSX/legs/._a.png", "x"),
    )
    assert plan_imports.preview(path, EXERCISES).pictures == (("a.png", png()),)


def test_slips_in_a_packed_plan_are_named_by_line(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "a.zip", ("mine.toml", HEAD + STEP + "seconds = 3\n"))
    with pytest.raises(PlanFileError) as caught:
        plan_imports.preview(path, EXERCISES)
    (problem,) = caught.value.problems
    assert problem.path == path / "mine.toml" and problem.line_number == 5


def test_a_picture_that_is_not_in_the_zip_is_missing(tmp_path: Path) -> None:
    written(tmp_path / "a.png", png())
    assert "no picture “a.png”" in refused(a_zip(tmp_path / "a.zip", ("mine.toml", PLAN)))


def test_a_broken_picture_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "a.zip", ("mine.toml", PLAN), ("a.png", png()[:-3]))
    assert "not a whole picture" in refused(path)


@pytest.mark.parametrize(
    "name",
    ["../mine.toml", "a/../../mine.toml", "/mine.toml", "..\\mine.toml", "C:mine.toml", "a//mine.toml",
     "./mine.toml", "mi\u202ene.toml", "mi\nne.toml"],
)  # fmt: skip
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    assert "would land outside" in refused(a_zip(tmp_path / "in" / "a.zip", (name, HEAD + STEP)))
    assert [one.name for one in tmp_path.iterdir()] == ["in"]


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.png")
    link.external_attr = 0o120777 << 16
    assert "holds a link" in refused(a_zip(tmp_path / "a.zip", ("mine.toml", PLAN), (link, "/etc/passwd")))


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "a.zip", ("mine.toml", PLAN), ("a.png", b"\x00" * (5 * 2**20)))
    assert "far too large" in refused(path)
    path = a_zip(tmp_path / "b.zip", ("mine.toml", (HEAD + STEP).encode() + b"#" * (3 * 2**20)))
    assert "far too large" in refused(path)


def test_a_bomb_that_lies_about_its_size_is_not_opened(tmp_path: Path) -> None:
    data = bytearray(a_zip(tmp_path / "a.zip", ("mine.toml", b"#" * (20 * 2**20))).read_bytes())
    index = data.rfind(b"PK\x01\x02")
    data[index + 24 : index + 28] = struct.pack("<I", 100)
    data[22:26] = struct.pack("<I", 100)
    assert "not a whole zip" in refused(written(tmp_path / "b.zip", bytes(data)))


@pytest.mark.parametrize(
    "members",
    [
        [(f"{n}.png", "") for n in range(201)],
        [("x" * 60_000 + ".png", ""), ("y" * 60_000 + ".png", "")],
    ],
)
def test_an_index_of_endless_files_is_not_read(tmp_path: Path, members: list[tuple[str, str]]) -> None:
    assert "too many files" in refused(a_zip(tmp_path / "a.zip", *members))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "a.zip", ("mine.toml", HEAD + STEP), ("mine.toml", HEAD + STEP))
    assert "twice" in refused(path)


def test_a_zip_without_a_plan_or_with_two_is_refused(tmp_path: Path) -> None:
    assert "must hold one plan" in refused(a_zip(tmp_path / "a.zip", ("a.png", png())))
    path = a_zip(tmp_path / "b.zip", ("a.toml", HEAD + STEP), ("b.toml", HEAD + STEP))
    assert "must hold one plan" in refused(path)


def test_a_locked_or_oddly_packed_zip_is_refused(tmp_path: Path) -> None:
    data = bytearray(a_zip(tmp_path / "a.zip", ("mine.toml", HEAD + STEP)).read_bytes())
    index = data.rfind(b"PK\x01\x02")
    data[index + 8] |= 1
    assert "password" in refused(written(tmp_path / "b.zip", bytes(data)))
    data[index + 8] &= ~1
    data[index + 10] = 14
    assert "unusual way" in refused(written(tmp_path / "c.zip", bytes(data)))


def test_a_zip_cut_short_or_with_something_behind_it_is_refused(tmp_path: Path) -> None:
    whole = a_zip(tmp_path / "a.zip", ("mine.toml", HEAD + STEP)).read_bytes()
    for number in range(0, len(whole), 7):
        assert refused(written(tmp_path / "b.zip", whole[:number]))
    assert "not a whole zip" in refused(written(tmp_path / "c.zip", whole + b"more"))
    assert "not a whole zip" in refused(a_zip(tmp_path / "d.zip", ("mine.toml", HEAD + STEP), comment=b"x"))


def test_a_zip_beyond_its_bound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        file.truncate(34 * 2**20)
    assert "larger than 33 MiB" in refused(path)

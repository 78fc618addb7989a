import hashlib
from pathlib import Path

import numpy as np
import pytest

from loft.example import write_example
from loft.example.services import ENDINGS
from loft.example.writing import pseudonyms
from loft.log.mapping import Mapping
from tests.example.conftest import Fjordvik, opened

Told = list[tuple[str, int, int | None]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Fjordvik, Told]:
    """A thousand events in two years, and the progress that was told."""
    told: Told = []
    folder = tmp_path_factory.mktemp("small")
    return opened(
        write_example(folder, events=1_000, months=24, seed=5, progress=lambda *what: told.append(what))
    ), told


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(
    small: tuple[Fjordvik, Told], tmp_path: Path
) -> None:
    first = digests(small[0].paths.log.parent)
    assert first.keys() == {"fjordvik.parquet", "fjordvik-truth.json", "fjordvik-mapping.toml"}
    write_example(tmp_path / "again", events=1_000, months=24, seed=5)
    write_example(tmp_path / "other", events=1_000, months=24, seed=6)
    assert digests(tmp_path / "again") == first
    assert digests(tmp_path / "other")["fjordvik.parquet"] != first["fjordvik.parquet"]


def test_a_small_and_short_log_is_a_sample_of_the_same_town(small: tuple[Fjordvik, Told]) -> None:
    sample = small[0]
    assert abs(sample.one("SELECT count(*) FROM events") - 1_000) < 150
    assert sample.truth["experiment"]["start_month"].keys() == set(sample.truth["experiment"]["lottery"]["opened"])
    assert sample.one("SELECT max(done) FROM events").year == 2023


def test_progress_is_told_to_the_end(small: tuple[Fjordvik, Told]) -> None:
    told = small[1]
    assert {stage for stage, _, _ in told} == {"casework", "writing"}
    assert told[-1][1] == told[-1][2]


def test_the_mapping_can_be_loaded_and_names_the_endings(small: tuple[Fjordvik, Told]) -> None:
    mapping = Mapping.load(small[0].paths.mapping)
    assert (mapping.format, mapping.case, mapping.began, mapping.unit) == ("parquet", "case", "began", "unit")
    assert mapping.endings == ENDINGS


@pytest.mark.parametrize(("wrong", "said"), [({"events": 999}, "events=999"), ({"months": 12}, "months=12")])
def test_what_cannot_be_made_is_refused_with_the_reason(tmp_path: Path, wrong: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        write_example(tmp_path, **wrong)
    assert not list(tmp_path.iterdir())


def test_a_write_that_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int | None) -> None:
        if stage == "writing":
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        write_example(tmp_path, events=1_000, months=24, progress=stop)
    assert not list(tmp_path.iterdir())


def test_no_two_cases_have_the_same_pseudonym() -> None:
    names = pseudonyms(300_000, 1)
    assert len(names.unique()) == 300_000
    assert not np.array_equal(np.sort(names[:100].to_pylist()), names[:100].to_pylist())

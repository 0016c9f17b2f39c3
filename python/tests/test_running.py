"""Runs: files and dicts, what is laid over them, and what the program refuses."""

from __future__ import annotations

import os
import pickle
import tempfile
from pathlib import Path
from typing import Any

import pytest
import tomli_w

import mode_lottery
from law import LAW
from mode_lottery._running import _plain, _text


def test_a_dict_gives_what_its_file_gives(tmp_path: Path) -> None:
    file = tmp_path / "law.toml"
    file.write_text(tomli_w.dumps(LAW))
    one = mode_lottery.run(file, out=tmp_path / "file", replicates=512, threads=1)
    two = mode_lottery.run(LAW, out=tmp_path / "dict", replicates=512, threads=2, name="law")
    for name in ("estimates.csv", "claims.csv", "law.svg"):
        assert (one.path / name).read_bytes() == (two.path / name).read_bytes()
    assert one.path == tmp_path / "file" / "law"
    # The negative control: another seed has other numbers.
    other = mode_lottery.run({**LAW, "seed": 8}, replicates=512)
    assert other.estimates != one.estimates


def test_values_are_laid_over_an_experiment() -> None:
    values = {"arms.grid.responses": [1, 2], "world.concentration": 2.5, "title": 'with "quotes"'}
    own = mode_lottery.run(LAW, set=values, replicates=512)
    assert set(own.estimates["responses"]) == {1, 2}
    assert own.manifest["set"][1] == "world.concentration=2.5"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (3, "3"),
        (0.1, "0.1"),
        (1e-300, "1e-300"),
        (float("inf"), "inf"),
        ('a "b" \\ é\n', '"a \\"b\\" \\\\ é\\n"'),
        ((1, (2.0, "x")), '[1, [2.0, "x"]]'),
        ({"a.b": 1, "c": {"d": []}}, '{ "a.b" = 1, "c" = { "d" = [] } }'),
        (range(3), "[0, 1, 2]"),
    ],
)
def test_values_are_written_as_toml(value: Any, text: str) -> None:
    assert _text(_plain(value)) == text


def test_numbers_of_numpy_are_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    plain = _plain({"a": numpy.int32(3), "b": numpy.array([0.5, 1.0]), "c": numpy.float64(0.25), "d": None, "e": numpy.bool_(True)})
    assert plain == {"a": 3, "b": [0.5, 1.0], "c": 0.25, "e": True}
    with pytest.raises(TypeError, match="object is no value of an experiment"):
        _plain(object())


def test_a_wrong_experiment_is_refused_with_the_message_of_the_program() -> None:
    wrong = {**LAW, "arms": {"grid": {"prompts": [4], "responses": [1], "selector": ["randon"]}}}
    with pytest.raises(mode_lottery.InputError) as caught:
        mode_lottery.run(wrong)
    assert caught.value.status == 2 and isinstance(caught.value, ValueError)
    assert caught.value.message.startswith("experiment.toml:")
    assert 'selector: unknown value "randon"' in str(caught.value) and 'did you mean "random"?' in str(caught.value)
    with pytest.raises(mode_lottery.InputError, match="randon"):
        mode_lottery.check(wrong)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.message, again.status) == (caught.value.message, 2)


def test_what_fails_leaves_no_folder_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(mode_lottery.InputError):
        mode_lottery.run({"title": "nothing"})
    assert list(tmp_path.iterdir()) == []


def test_a_claim_that_fails_is_an_error_where_that_is_asked() -> None:
    wrong = {**LAW, "claims": [{"kind": "at-most", "name": "no", "estimand": "mode-mass.emse", "bound": 1e-6}]}
    assert mode_lottery.run(wrong).claims["verdict"] == ["refuted"]
    with pytest.raises(mode_lottery.ClaimsError, match="1 of the claims did not come out as expected"):
        mode_lottery.run(wrong, check_claims=True)


def test_a_run_that_fails_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(mode_lottery.RunError, match="file"):
        mode_lottery.run(LAW, out=tmp_path / "file", replicates=64)


def test_rows_beyond_the_limit_are_refused() -> None:
    with pytest.raises(mode_lottery.InputError, match="give --rows-limit"):
        mode_lottery.run(LAW, rows=True, rows_limit=10)


def test_a_check_says_what_a_run_would_do() -> None:
    text = mode_lottery.check(LAW, set={"run.replicates": 1024})
    assert "1024" in text.replace(",", "").replace("_", "") and "experiment" in text


def test_events_are_told() -> None:
    events: list[dict[str, Any]] = []
    mode_lottery.run(LAW, progress=events.append)
    assert events and all(isinstance(event, dict) for event in events)


def test_a_name_that_is_no_file_is_refused() -> None:
    with pytest.raises(ValueError, match="does not name an experiment"):
        mode_lottery.run(LAW, name="../x")


def test_the_program_is_found_or_its_place_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert mode_lottery.program().name.startswith("mode-lottery")
    assert mode_lottery.version().count(".") == 2
    monkeypatch.setenv("MODE_LOTTERY", str(tmp_path / "none"))
    with pytest.raises(mode_lottery.ProgramNotFound, match="which is no file"):
        mode_lottery.program()
    monkeypatch.delenv("MODE_LOTTERY")
    monkeypatch.setattr("sysconfig.get_path", lambda *_: os.fspath(tmp_path))
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(mode_lottery.ProgramNotFound, match="install the wheel"):
        mode_lottery.program()

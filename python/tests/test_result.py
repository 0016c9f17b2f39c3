"""Results: the tables and figures of a run, and a run again from its folder."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

import mode_lottery
from mode_lottery import Result, Table


def test_estimates_are_the_numbers_of_the_file(result: Result) -> None:
    with (result.path / "estimates.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(result.estimates) == len(rows) > 0
    assert result.estimates.columns == list(rows[0])
    for own, row in zip(result.estimates, rows):
        assert own["estimate"] == (float(row["estimate"]) if row["estimate"] else None)
        assert own["prompts"] == int(row["prompts"])
        assert own["estimand"] == row["estimand"]
    assert isinstance(result.estimates[0]["replicates"], int)


def test_variances_agree_with_the_law(result: Result) -> None:
    own = result.estimates.where(estimand="mode-mass.variance")
    assert len(own) == 4
    for row in own:
        # Four standard errors: one in ten thousand runs would differ, and the seed is fixed.
        assert abs(row["estimate"] - row["exact"]) < 4 * row["mcse"]
    # The negative control: the law of half as many prompts lies far off.
    assert all(abs(row["estimate"] - 2 * row["exact"]) > 4 * row["mcse"] for row in own)


def test_claims_and_what_the_run_said(result: Result) -> None:
    assert result.claims["verdict"] == ["confirmed"]
    assert result.name == "law" and 'title = "A small law"' in result.experiment
    assert result.messages == []


def test_rows_and_their_summary(result: Result) -> None:
    rows = result.rows.where(estimand="mode-mass-by-mode.mean", prompts=4, responses=1, at=0)
    assert len(rows) == 4096
    mean = math.fsum(rows["estimate"]) / 4096
    table = result.estimates.where(estimand="mode-mass-by-mode.mean", prompts=4, responses=1, at=0)[0]
    assert mean == pytest.approx(table["estimate"], rel=1e-12)
    summary = result.summary.where(estimand="mode-mass-by-mode.mean", prompts=4, responses=1, at=0)[0]
    assert summary["mean"] == pytest.approx(mean, rel=1e-12) and summary["replicates"] == 4096


def test_where_takes_values_and_lists_and_names_unknown_columns(result: Result) -> None:
    assert len(result.estimates.where(prompts=[4, 16])) == len(result.estimates)
    assert len(result.estimates.where(prompts=5)) == 0
    with pytest.raises(KeyError, match="estimates.csv has no column 'prompt'; it has scenario, prompts"):
        result.estimates.where(prompt=4)


def test_figures_are_shown_by_notebooks_and_saved(result: Result, tmp_path: Path) -> None:
    assert list(result.figures) == ["law"]
    figure = result.figure()
    assert figure._repr_svg_().startswith("<svg") or figure._repr_svg_().startswith("<?xml")
    assert "<svg" in figure._repr_html_() and "law" in result._repr_html_()
    figure.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_bytes() == (result.path / "law.svg").read_bytes()
    assert figure.png is None or figure.png.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match=r"a.tiff: figure law is there as \..*svg"):
        figure.save(tmp_path / "a.tiff")
    with pytest.raises(KeyError, match="law has no figure 'x'; it has law"):
        result.figure("x")


def test_a_result_is_loaded_from_its_folder(result: Result, tmp_path: Path, root: Path) -> None:
    again = mode_lottery.load(result.path)
    assert again.estimates == result.estimates and again.messages == []
    committed = mode_lottery.load(root / "results" / "variance-law")
    assert committed.claims["verdict"] and committed.figure().svg
    with pytest.raises(FileNotFoundError, match="no manifest.json there, so no result"):
        mode_lottery.load(tmp_path)
    with pytest.raises(FileNotFoundError, match="rows.csv is not there: run the experiment with rows=True"):
        committed.rows


def test_a_folder_that_nobody_asked_for_goes_with_the_result() -> None:
    own = mode_lottery.run({"title": "T", "study": "selection", "seed": 1, "measures": ["mode-mass"],
                            "world": {"kind": "dirichlet", "modes": 2, "concentration": 1.0},
                            "arms": {"prompts": 1, "responses": 1}, "run": {"replicates": 64}})
    path = own.path
    assert path.is_dir() and own.name == "experiment"
    del own
    assert not path.exists()


def test_tables_are_sequences_and_shown_as_html() -> None:
    own = Table("x.csv", {"a": [1, 2, None], "b": ["<", None, "y"]})
    assert len(own) == 3 and own[-1] == {"a": None, "b": "y"} and own["a"] == [1, 2, None]
    assert [row["a"] for row in own[1:]] == [2, None] and list(own)[0]["b"] == "<"
    assert "<td>&lt;</td>" in own._repr_html_() and repr(own) == "<x.csv: 3 rows of a, b>"
    with pytest.raises(IndexError):
        own[3]
    long = Table("x.csv", {"a": list(range(100))})
    assert "20 of 100 rows of x.csv" in long._repr_html_()

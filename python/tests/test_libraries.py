"""Tables in other libraries: pandas, polars, and whatever reads Arrow."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from mode_lottery import Result, Table, _table

TABLE = Table("x.csv", {"n": [1, 2, None], "k": [1, 2, 3], "x": [0.1 + 0.2, None, 1e300], "text": ["a", None, "é"], "none": [None] * 3})


def test_pandas_has_the_same_numbers(result: Result) -> None:
    pytest.importorskip("pandas")
    frame = result.to_pandas()
    assert list(frame.columns) == result.estimates.columns and len(frame) == len(result.estimates)
    own = TABLE.to_pandas()
    assert [str(kind) for kind in own.dtypes[:3]] == ["Int64", "int64", "float64"]
    assert own["x"][0] == 0.1 + 0.2 and own["x"].isna().tolist() == [False, True, False]
    assert own["text"].tolist()[0] == "a" and own["none"].isna().all() and own["n"].isna().tolist() == [False, False, True]


def test_polars_has_the_same_numbers(result: Result) -> None:
    polars = pytest.importorskip("polars")
    frame = result.to_polars()
    assert frame.columns == result.estimates.columns
    assert frame["estimate"].to_list() == result.estimates["estimate"]
    assert TABLE.to_polars().dtypes == [polars.Int64, polars.Int64, polars.Float64, polars.String, polars.Float64]
    assert TABLE.to_polars().to_dict(as_series=False) == TABLE.to_dict()


def only(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """As if of the libraries that make Arrow streams these alone were installed."""
    real = find_spec
    monkeypatch.setattr(_table, "find_spec", lambda name: real(name) if name in names or name not in _table._ARROW else None)


@pytest.mark.parametrize("maker", ["pyarrow", "polars", "nanoarrow"])
def test_arrow_is_made_by_whichever_library_is_there(maker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(maker)
    arrow = pytest.importorskip("pyarrow")
    only(monkeypatch, maker)
    table: Any = arrow.table(TABLE)
    assert table.to_pydict() == TABLE.to_dict()


def test_polars_reads_a_result_as_arrow(result: Result) -> None:
    polars = pytest.importorskip("polars")
    assert polars.DataFrame(result).equals(result.to_polars())


def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch)
    with pytest.raises(ImportError, match="one of pyarrow, polars, nanoarrow, and none of them is installed"):
        TABLE.__arrow_c_stream__()
    monkeypatch.setattr(_table, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"to_pandas\(\) needs pandas: pip install pandas"):
        TABLE.to_pandas()
    with pytest.raises(ImportError, match=r"to_polars\(\) needs polars: pip install polars"):
        TABLE.to_polars()

"""A table of a result: the columns of a CSV file by name, handed on to whichever library of tables is there."""

from __future__ import annotations

import csv
import html
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Optional, Union

if TYPE_CHECKING:
    import pandas
    import polars

#: A value of a table; None where it is unknown.
Value = Union[int, float, str, None]

# Numbers whatever stands in them: a column of which nothing is known would else be one of text.
_FLOATS = {"estimate", "mcse", "df", "low", "high", "exact", "reference", "margin", "alpha", "p", "p_adjusted", "target", "true", "x", "y"}
# Text whatever stands in them.
_TEXTS = {"estimand", "note", "status", "claim", "kind", "verdict", "expected", "statement", "reference_name"}
# Rows that a notebook shows.
_SHOWN = 20


class Table(Sequence[dict[str, Any]]):
    """Rows of a CSV file, as dicts; ``table["column"]`` is a column, as a list.

    Numbers are read to the bits that the program wrote. What is unknown is None, NaN in pandas, null in polars and Arrow.
    """

    def __init__(self, name: str, columns: Mapping[str, Sequence[Value]]) -> None:
        self.name = name
        self._columns: dict[str, list[Any]] = {name: list(own) for name, own in columns.items()}
        self._length = len(next(iter(self._columns.values()), []))

    @classmethod
    def read(cls, path: Path) -> Table:
        """Reads a CSV file of a result."""
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            header = next(rows)
            texts: list[list[str]] = [[] for _ in header]
            for row in rows:
                for column, text in zip(texts, row):
                    column.append(text)
        return cls(path.name, {name: _typed(name, own) for name, own in zip(header, texts)})

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self._columns)

    def to_dict(self) -> dict[str, list[Any]]:
        """The columns by name."""
        return {name: list(own) for name, own in self._columns.items()}

    def where(self, **values: Union[Value, Sequence[Value]]) -> Table:
        """The rows whose columns have these values, or one of several: ``estimates.where(estimand="mode-mass.variance", prompts=[16, 64])``."""
        wanted: dict[str, Sequence[Value]] = {}
        for name, value in values.items():
            self._column(name)
            wanted[name] = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        kept = [at for at in range(len(self)) if all(self._columns[name][at] in some for name, some in wanted.items())]
        return Table(self.name, {name: [own[at] for at in kept] for name, own in self._columns.items()})

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a data frame of pandas."""
        library = _library("pandas", "to_pandas()")
        columns = {}
        for name, own in self._columns.items():
            # A column of counts of which some are unknown has no type of its own in NumPy.
            kind = "Int64" if _is_of(own, int) and None in own else None
            columns[name] = library.Series(own, dtype=kind or _numpy_type(own))
        frame: pandas.DataFrame = library.DataFrame(columns)
        return frame

    def to_polars(self) -> polars.DataFrame:
        """The table as a data frame of polars."""
        library = _library("polars", "to_polars()")
        kinds = {int: library.Int64, float: library.Float64, str: library.String}
        schema = {name: kinds[_kind(own)] for name, own in self._columns.items()}
        frame: polars.DataFrame = library.DataFrame(self._columns, schema=schema)
        return frame

    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        """The table as an Arrow stream (the PyCapsule interface), by whichever of pyarrow, polars and nanoarrow is installed."""
        for name, make in _ARROW.items():
            if find_spec(name) is not None:
                return make(self).__arrow_c_stream__(requested_schema)
        raise ImportError(f"an Arrow stream is made by one of {', '.join(_ARROW)}, and none of them is installed")

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            return list(self._column(key))
        if isinstance(key, slice):
            return [self[at] for at in range(len(self))[key]]
        # An index that is too large is an error of the list's own, where there is a column.
        at = range(len(self))[key]
        return {name: own[at] for name, own in self._columns.items()}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self[at] for at in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self._columns == other._columns

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self)} rows of {', '.join(self._columns)}>"

    def _repr_html_(self) -> str:
        """What notebooks show: the first rows."""

        def row(cells: Sequence[Value], tag: str) -> str:
            texts = ("" if cell is None else html.escape(str(cell)) for cell in cells)
            return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"

        shown = min(len(self), _SHOWN)
        body = "".join(row([own[at] for own in self._columns.values()], "td") for at in range(shown))
        more = f"<p>{shown} of {len(self)} rows of {html.escape(self.name)}</p>" if shown < len(self) else ""
        return f"<table><thead>{row(self.columns, 'th')}</thead><tbody>{body}</tbody></table>{more}"

    def _column(self, name: str) -> list[Any]:
        try:
            return self._columns[name]
        except KeyError:
            raise KeyError(f"{self.name} has no column {name!r}; it has {', '.join(self._columns)}") from None


def _typed(name: str, texts: list[str]) -> list[Value]:
    """A column by what stands in all of it: counts, numbers or text."""
    if name in _TEXTS:
        return [text or None for text in texts]
    kinds: list[Callable[[str], Value]] = [float] if name in _FLOATS else [int, float]
    for kind in kinds:
        try:
            return [kind(text) if text else None for text in texts]
        except ValueError:
            continue
    return [text or None for text in texts]


def _is_of(column: list[Value], kind: type) -> bool:
    return any(value is not None for value in column) and all(value is None or isinstance(value, kind) for value in column)


def _kind(column: list[Value]) -> type:
    """The type of a column; one of which nothing is known is one of numbers, which pandas and CSV readers take it for."""
    for kind in (int, str):
        if _is_of(column, kind):
            return kind
    return float


def _numpy_type(column: list[Value]) -> str:
    return {int: "int64", float: "float64", str: "object"}[_kind(column)]


def _library(name: str, use: str) -> Any:
    if find_spec(name) is None:
        raise ImportError(f"{use} needs {name}: pip install {name}")
    return import_module(name)


def _pyarrow(table: Table) -> Any:
    arrow = import_module("pyarrow")
    kinds = {int: arrow.int64(), float: arrow.float64(), str: arrow.string()}
    columns = table.to_dict()
    schema = arrow.schema([(name, kinds[_kind(own)]) for name, own in columns.items()])
    return arrow.table(columns, schema=schema)


def _polars(table: Table) -> Any:
    return table.to_polars()


def _nanoarrow(table: Table) -> Any:
    arrow = import_module("nanoarrow")
    kinds = {int: arrow.int64(), float: arrow.float64(), str: arrow.string()}
    columns = table.to_dict()
    children = [arrow.c_array(own, kinds[_kind(own)]) for own in columns.values()]
    schema = arrow.struct({name: kinds[_kind(own)] for name, own in columns.items()})
    return arrow.Array(arrow.c_array_from_buffers(schema, len(table), [None], children=children))


# In order of preference.
_ARROW: dict[str, Callable[[Table], Any]] = {"pyarrow": _pyarrow, "polars": _polars, "nanoarrow": _nanoarrow}

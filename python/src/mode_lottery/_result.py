"""The folder of a result: its tables, its figures, and what it is of."""

from __future__ import annotations

import html
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Optional, Union

from ._table import Table

if TYPE_CHECKING:
    import pandas
    import polars


class Figure:
    """A figure of a result, which notebooks show."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self._path = path

    @property
    def svg(self) -> str:
        """Its SVG."""
        return self._path.read_text(encoding="utf-8")

    @property
    def png(self) -> Optional[bytes]:
        """The bytes of its PNG, where the program makes them."""
        path = self._path.with_suffix(".png")
        return path.read_bytes() if path.is_file() else None

    def save(self, path: Union[str, os.PathLike[str]]) -> Path:
        """Copies it to a file that ends in .svg or .png.

        Raises:
            ValueError: Where there is no such form of it.
        """
        target = Path(path)
        source = self._path.with_suffix(target.suffix)
        if not target.suffix or not source.is_file():
            there = [own.suffix for own in sorted(self._path.parent.glob(f"{self.name}.*")) if own.suffix != ".csv"]
            raise ValueError(f"{target}: figure {self.name} is there as {', '.join(there)}")
        return Path(shutil.copyfile(source, target))

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return f'<figure style="margin:0">{self.svg}</figure>'

    def __repr__(self) -> str:
        return f"<figure {self.name}>"


class Result:
    """What a run gave. Tables are read when they are asked for first.

    Attributes:
        path: The folder that holds it.
        messages: What the program said beside the numbers, such as arms that failed; empty for a result that was loaded.
    """

    def __init__(
        self,
        path: Union[str, os.PathLike[str]],
        messages: Sequence[str] = (),
        own: Optional[TemporaryDirectory[str]] = None,
    ) -> None:
        self.path = Path(path)
        self.messages = list(messages)
        # A folder that nobody asked for goes with the result.
        self._own = own
        self._tables: dict[str, Table] = {}
        manifest = self.path / "manifest.json"
        if not manifest.is_file():
            raise FileNotFoundError(f"{self.path}: no manifest.json there, so no result")
        self.manifest: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))

    @property
    def name(self) -> str:
        """The name of the experiment."""
        return str(self.manifest["experiment"])

    @property
    def experiment(self) -> str:
        """The text of its file, as run."""
        return str(self.manifest["text"])

    @property
    def estimates(self) -> Table:
        """A row per estimand, place and arm of every scenario: estimate, Monte Carlo standard error, exact value."""
        return self._table("estimates.csv")

    @property
    def claims(self) -> Table:
        """A row per claim: verdict, the cell that decided, interval, margin."""
        return self._table("claims.csv")

    @property
    def curves(self) -> Table:
        """Every point of the curves and marks of theory that figures draw."""
        return self._table("curves.csv")

    @property
    def rows(self) -> Table:
        """A row per replicate of each scenario, arm and estimand, of a run with ``rows=True``.

        Raises:
            FileNotFoundError: Where it had none.
        """
        return self._table("rows.csv")

    @property
    def summary(self) -> Table:
        """Quantiles and trimmed means of the rows, each with its standard error.

        Raises:
            FileNotFoundError: Where the run had no rows.
        """
        return self._table("rows-summary.csv")

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Its figures by name, in the order of the experiment's outputs."""
        files = (Path(output["file"]) for output in self.manifest["outputs"])
        return {file.stem: Figure(self.path / file) for file in files if file.suffix == ".svg"}

    def figure(self, name: Optional[str] = None) -> Figure:
        """One figure: by name, or the only one.

        Raises:
            KeyError: Where there is none of that name, or several and none is named.
        """
        figures = self.figures
        if name is None and len(figures) == 1:
            return next(iter(figures.values()))
        if name is None or name not in figures:
            raise KeyError(f"{self.name} has {f'no figure {name!r}' if name else 'not just one figure'}; it has {', '.join(figures) or 'none'}")
        return figures[name]

    def to_pandas(self) -> pandas.DataFrame:
        """Its estimates as a data frame of pandas."""
        return self.estimates.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Its estimates as a data frame of polars."""
        return self.estimates.to_polars()

    def __arrow_c_stream__(self, requested_schema: Optional[object] = None) -> object:
        """Its estimates as an Arrow stream."""
        return self.estimates.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<result of {self.name}: {len(self.estimates)} estimates, {len(self.claims)} claims, {len(self.figures)} figures>"

    def _repr_html_(self) -> str:
        figures = "".join(figure._repr_html_() for figure in self.figures.values())
        shown = [name for name in ("claim", "verdict", "expected", "statement") if name in self.claims.columns]
        claims = Table("claims.csv", {name: self.claims[name] for name in shown})._repr_html_() if len(self.claims) else ""
        return f"<h3>{html.escape(self.name)}</h3>{claims}{figures}"

    def _table(self, name: str) -> Table:
        if name not in self._tables:
            path = self.path / name
            if not path.is_file():
                hint = ": run the experiment with rows=True" if name.startswith("rows") else ""
                raise FileNotFoundError(f"{path} is not there{hint}")
            self._tables[name] = Table.read(path)
        return self._tables[name]


def load(path: Union[str, os.PathLike[str]]) -> Result:
    """Loads a result from the folder that holds it, such as ``results/variance-law``.

    Raises:
        FileNotFoundError: Where the folder holds none.
    """
    return Result(path)

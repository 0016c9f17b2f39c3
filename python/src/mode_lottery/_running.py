"""Runs and checks experiments, given as files or as dicts."""

from __future__ import annotations

import json
import math
import numbers
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Iterator, Optional, Union

import tomli_w

from ._program import Progress, call
from ._result import Result

#: The path of a TOML file, or the keys of one.
Experiment = Union[str, "os.PathLike[str]", Mapping[str, Any]]


def run(
    experiment: Experiment,
    *,
    replicates: Optional[int] = None,
    set: Optional[Mapping[str, Any]] = None,
    out: Union[str, os.PathLike[str], None] = None,
    threads: Optional[int] = None,
    fresh: bool = False,
    rows: bool = False,
    rows_limit: Optional[int] = None,
    check_claims: bool = False,
    name: str = "experiment",
    progress: Optional[Progress] = None,
) -> Result:
    """Runs an experiment and returns its result.

    Args:
        experiment: The path of a TOML file, or a dict of the same keys.
        replicates: Replicates per scenario, instead of the file's.
        set: Values laid over it, by dotted key: ``{"world.concentration": 32.0}``.
        out: The folder that gets a folder named as the experiment. Blocks are kept there, so that the same call goes on
            where another ended. Without it the result goes when nobody holds it any more.
        threads: Threads; results do not depend on it. One per core by default.
        fresh: Whether blocks of earlier runs in ``out`` are removed instead of used, and another experiment's result is replaced.
        rows: Whether a row per replicate is written too: :attr:`Result.rows`, :attr:`Result.summary`.
        rows_limit: Most rows to write, instead of 10 million.
        check_claims: Whether a claim that does not come out as expected is an error.
        name: What an experiment given as a dict is called.
        progress: Called with each event of the run.

    Raises:
        InputError: Where the experiment is wrong. Its message says where, and what is known instead.
        RunError: Where the run failed.
        ClaimsError: Where a claim came out otherwise, under ``check_claims``.
    """
    options = ["--progress", "json"]
    options += _flag("--fresh", fresh) + _flag("--rows", rows) + _flag("--check-claims", check_claims)
    options += _option("--replicates", replicates) + _option("--threads", threads) + _option("--rows-limit", rows_limit)
    own = TemporaryDirectory(prefix="mode-lottery-") if out is None else None
    target = Path(own.name if own is not None else os.fspath(out or "")).absolute()
    with _file(experiment, name) as (file, folder):
        arguments = ["run", file, "--out", str(target), *options, *_sets(set)]
        done = call(arguments, folder, progress)
        return Result(target / Path(file).stem, done.messages, own)


def check(experiment: Experiment, *, set: Optional[Mapping[str, Any]] = None, name: str = "experiment") -> str:
    """What the program says of an experiment before it is run: scenarios, arms, cost, memory, one block through the real path.

    Raises:
        InputError: Where the experiment is wrong. Its message says where, and what is known instead.
    """
    with _file(experiment, name) as (file, folder):
        done = call(["check", file, *_sets(set)], folder)
        return "\n".join([*done.messages, done.out]).strip()


@contextmanager
def _file(experiment: Experiment, name: str) -> Iterator[tuple[str, Optional[Path]]]:
    """The file of an experiment, and the folder to start in so that it is called by its name."""
    if not isinstance(experiment, Mapping):
        yield os.fspath(experiment), None
        return
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise ValueError(f"{name!r} does not name an experiment: it is to be the name of a file, without its ending")
    with TemporaryDirectory(prefix="mode-lottery-") as folder:
        text = tomli_w.dumps(_plain(experiment))
        (Path(folder) / f"{name}.toml").write_text(text, encoding="utf-8")
        yield f"{name}.toml", Path(folder)


def _plain(value: Any) -> Any:
    """A value of TOML: numbers of NumPy as those of Python, tuples as lists, and no keys that are not set."""
    if isinstance(value, Mapping):
        return {str(key): _plain(own) for key, own in value.items() if own is not None}
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, (Sequence, range)):
        return [_plain(own) for own in value]
    raise TypeError(f"{value!r}: {type(value).__name__} is no value of an experiment")


def _text(value: Any) -> str:
    """A plain value on one line of TOML."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_text(own)}" for key, own in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value)
    # Booleans, counts and strings are written as in JSON.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _sets(values: Optional[Mapping[str, Any]]) -> list[str]:
    return [part for key, value in (values or {}).items() for part in ("--set", f"{key}={_text(_plain(value))}")]


def _flag(name: str, given: bool) -> list[str]:
    return [name] if given else []


def _option(name: str, value: Optional[int]) -> list[str]:
    return [] if value is None else [name, str(value)]

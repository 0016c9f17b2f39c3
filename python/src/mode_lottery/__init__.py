"""Monte Carlo experiments on multi-response training, run by the program ``mode-lottery`` that comes with this package.

>>> import mode_lottery
>>> result = mode_lottery.run("experiments/variance-law.toml", replicates=2048)
>>> result.estimates.to_pandas()            # or .to_polars(), or anything that reads Arrow
>>> result.figure("variance-law")           # shown by notebooks

An experiment is the path of a TOML file or a dict of the same keys. Whatever the program refuses is raised as an
:class:`Error` with the program's own message.
"""

from ._program import ClaimsError, Error, InputError, ProgramNotFound, RunError, program, version
from ._result import Figure, Result, load
from ._running import Experiment, check, run
from ._table import Table

__all__ = [
    "ClaimsError",
    "Error",
    "Experiment",
    "Figure",
    "InputError",
    "ProgramNotFound",
    "Result",
    "RunError",
    "Table",
    "check",
    "load",
    "program",
    "run",
    "version",
]

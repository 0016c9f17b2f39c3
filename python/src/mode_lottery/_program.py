"""Finds the program, starts it, and turns how it ends into values or exceptions."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Callable, Optional

#: What is told while a run is under way: one event of ``run --progress json``.
Progress = Callable[[dict[str, Any]], None]

#: Names another program than the one that came with this package.
VARIABLE = "MODE_LOTTERY"

_NAME = "mode-lottery.exe" if sys.platform == "win32" else "mode-lottery"


class Error(Exception):
    """The program refused something or failed; the message is its own.

    Attributes:
        message: What it said on standard error, without progress.
        status: Its exit status: 1 a claim did not come out as expected, 2 the input is wrong, 3 the run failed; negative
            where a signal ended it.
        command: Its arguments.
    """

    def __init__(self, message: str, status: int, command: Sequence[str]) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.command = list(command)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.status, self.command)


class ClaimsError(Error):
    """A claim did not come out as expected, and it was asked that this be an error."""


class InputError(Error, ValueError):
    """The experiment, or something else that was given, is wrong: the message says where and what is known."""


class RunError(Error, RuntimeError):
    """The run failed or was interrupted. Finished blocks are kept where it was given a folder, and the same call goes on from there."""


class ProgramNotFound(FileNotFoundError):
    """There is no program to run."""


_KINDS: dict[int, type[Error]] = {1: ClaimsError, 2: InputError}


def program() -> Path:
    """The program that is run: the one that :envvar:`MODE_LOTTERY` names, else the one installed with this package, else the one on the path.

    Raises:
        ProgramNotFound: Where there is none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).is_file():
            raise ProgramNotFound(f"{VARIABLE} names {named}, which is no file")
        return Path(named)
    schemes = [sysconfig.get_path("scripts")]
    user = f"{os.name}_user"
    if user in sysconfig.get_scheme_names():
        schemes.append(sysconfig.get_path("scripts", user))
    for folder in schemes:
        found = Path(folder) / _NAME
        if found.is_file():
            return found
    on_path = shutil.which(_NAME)
    if on_path is not None:
        return Path(on_path)
    raise ProgramNotFound(
        f"no {_NAME} in {' or '.join(schemes)} or on the path: install the wheel of this package, or let {VARIABLE} name the program"
    )


def version() -> str:
    """The version of the program."""
    return call(["--version"]).out.split()[-1]


class Done:
    """What a command printed."""

    def __init__(self, out: str, messages: list[str]) -> None:
        self.out = out
        self.messages = messages


def call(arguments: Sequence[str], folder: Optional[Path] = None, progress: Optional[Progress] = None) -> Done:
    """Runs a command in a folder; events go to ``progress``, all else that it says stands in the messages.

    Raises:
        Error: Where it does not succeed.
    """
    command = [str(program()), *arguments]
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        # Both are read at once: a full pipe would stop the program.
        out: list[str] = []
        reader = threading.Thread(target=lambda stream: out.append(stream.read()), args=(process.stdout,))
        reader.start()
        try:
            messages = [line for line in process.stderr if not _is_event(line, progress)]
        except BaseException:
            # It finishes the blocks under way, writes what is whole, and ends.
            process.terminate()
            raise
        finally:
            reader.join()
    text = "".join(messages).strip()
    if process.returncode != 0:
        said = text or f"mode-lottery ended with status {process.returncode} and said nothing"
        raise _KINDS.get(process.returncode, RunError)(said, process.returncode, command)
    return Done("".join(out), text.splitlines())


def _is_event(line: str, progress: Optional[Progress]) -> bool:
    """Whether a line of standard error is an event, which is then told."""
    if not line.startswith("{"):
        return False
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        return False
    if progress is not None:
        progress(event)
    return True

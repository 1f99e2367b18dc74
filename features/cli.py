"""The command `jaga`: finds the commands of every package and runs the one asked for.

Little is imported with it, so that Ctrl-C in the first moment finds `main`, which reads all else.
"""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False  # the module of that name is read by none of what follows
if TYPE_CHECKING:
    import argparse

    from features.commands import Commands


def parser() -> argparse.ArgumentParser:
    """The whole command tree."""
    from importlib.metadata import entry_points, version

    from features.commands import Commands
    from features.usage import Parser

    top = Parser(
        prog="jaga",
        description="Which households that are not poor today will fall below their poverty line, why, and how "
        "sure that is.",
    )
    top.add_argument("--version", action="version", version=f"jaga {version('jaga')}")
    commands = Commands(top)
    for point in sorted(entry_points(group="jaga.commands"), key=lambda point: point.name):
        point.load()(commands)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run `jaga` with these arguments; a code of `Exit`."""
    began = time.monotonic()
    if argv is None:  # a command of its own, and not a call from a program
        began = _started(began)
        for name in ("stdout", "stderr"):
            if getattr(sys, name) is None:  # closed by whoever started it: what is told has no reader
                setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
    try:
        return _run(argv, began)
    except KeyboardInterrupt:
        from features.commands import Exit

        sys.stderr.write(
            "jaga: stopped, nothing is half-written; the same command goes on where it can, or begins anew\n"
        )
        return Exit.STOPPED


def _started(now: float) -> float:
    """When this process started, by the clock of `time.monotonic`: Python's own start belongs to a command's time."""
    try:
        with open("/proc/self/stat") as file:
            ticks = int(file.read().rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return now
    return min(now, now - (time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")))


def _run(argv: list[str] | None, began: float) -> int:
    from errno import EIO

    from features.commands import NO_ROOM, Exit, UserError

    arguments = parser().parse_args(argv)
    arguments.began = began
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except UserError as error:
        own = error.words[0] if getattr(arguments, "language", "en") == "id" else error.words[1]
        sys.stderr.write(f"jaga: {own}\n")
        return Exit.WRONG
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.DONE
    except OSError as error:
        if error.filename is not None or error.errno not in (*NO_ROOM, EIO):
            return _fault()
        sys.stderr.write(f"jaga: what was to be printed or written could not be ({error.strerror})\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left to be printed would be tried again at the end
        return Exit.WRONG
    except Exception as error:
        if isinstance(error, RuntimeError) and str(error) == "Query interrupted":  # DuckDB's name for Ctrl-C
            raise KeyboardInterrupt from None
        return _fault()


def _fault() -> int:
    """Tell of an error of the program itself."""
    import traceback

    from features.commands import Exit

    traceback.print_exc()
    sys.stderr.write("jaga: this is an error of the program; nothing half-written is taken for whole\n")
    return Exit.FAULT


def register(commands: Commands) -> None:
    """Add the commands of this package."""
    from features import data_cli, demo, dictionary
    from features.sources.synthetic import cli as synthetic

    synthetic.register(commands)
    data_cli.register(commands)
    dictionary.register(commands)
    demo.register(commands)

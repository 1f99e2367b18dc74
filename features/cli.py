"""The command `jaga`: finds the commands of every package and runs the one asked for.

Little is imported with it, so that Ctrl-C in the first moment finds `main`, which reads all else.
"""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False  # the module of that name is read by none of what follows
if TYPE_CHECKING:
    import argparse

    from features.commands import Commands


def parser() -> argparse.ArgumentParser:
    """The whole command tree."""
    import argparse
    from importlib.metadata import entry_points, version

    from features.commands import Commands

    top = argparse.ArgumentParser(
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
    try:
        return _run(argv, began)
    except KeyboardInterrupt:
        from features.commands import Exit

        sys.stderr.write("jaga: stopped; what was finished is kept, nothing is half-written\n")
        return Exit.STOPPED


def _run(argv: list[str] | None, began: float) -> int:
    from features.commands import Exit, UserError

    arguments = parser().parse_args(argv)
    arguments.began = began
    try:
        return int(arguments.run(arguments))
    except UserError as error:
        sys.stderr.write(f"jaga: {error}\n")
        return Exit.WRONG
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.DONE
    except Exception:
        import traceback

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

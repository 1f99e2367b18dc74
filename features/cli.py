"""The command `jaga`: finds the commands of every package and runs the one asked for."""

from __future__ import annotations

import argparse
import sys
import traceback
from importlib.metadata import entry_points, version

from features.commands import Commands, Exit, UserError


def parser() -> argparse.ArgumentParser:
    """The whole command tree."""
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
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except UserError as error:
        print(f"jaga: {error}", file=sys.stderr)
        return Exit.WRONG
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.DONE
    except KeyboardInterrupt:
        print("jaga: stopped; what was finished is kept, nothing is half-written", file=sys.stderr)
        return Exit.STOPPED
    except Exception:
        traceback.print_exc()
        print("jaga: this is an error of the program; nothing half-written is taken for whole", file=sys.stderr)
        return Exit.FAULT


def register(commands: Commands) -> None:
    """Add the commands of this package."""
    from features import data_cli, demo, dictionary
    from features.sources.synthetic import cli as synthetic

    synthetic.register(commands)
    data_cli.register(commands)
    dictionary.register(commands)
    demo.register(commands)

"""The command's front door: which commands there are, and how what goes wrong is said."""

import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from lateedition import __version__
from lateedition.cli.home import Home

__all__ = ["cli", "main"]

#: New objects between two searches for cycles: a page makes some ten thousand and hardly any cycle, and with the
#: usual 700 a seventh of a crawl's time goes into looking for them.
BETWEEN = 50_000
#: Command → module that holds it as `command`, and one line for the overview, so that `--help` loads nothing.
COMMANDS = {
    "watch": ("watch", "Watch an outlet or one article, from any of its addresses."),
    "sources": ("sources", "What is watched, and how it fares."),
    "capture": ("capture", "Capture addresses now, whatever is due."),
    "crawl": ("crawl", "Discover and fetch everything that is due, then end."),
    "run": ("run", "The service: scheduler, crawler, alerts and the page."),
    "work": ("work", "Only a crawl worker, for several machines on one catalogue."),
    "serve": ("serve", "Only the page and the API."),
    "import": ("importing", "Ingest WARC, ARC and WACZ files of any origin."),
    "captures": ("captures", "Every capture, oldest first."),
    "versions": ("versions", "An article's versions."),
    "show": ("show", "An article's clean text, now or at a moment."),
    "diff": ("diff", "What changed between two versions, word by word."),
    "edits": ("edits", "The edit ledger: what was edited, when, and was it said."),
    "judge": ("judge", "A person's word on an event: not an edit, severity, a comment."),
    "reprocess": ("reprocess", "Extract and compare what is archived anew, with the software of today."),
    "search": ("search", "Full-text search over versions, or over what edits added and removed."),
    "extract": ("extract", "Extraction only: pages in, JSON lines out."),
    "simulate": ("simulate", "Replay real edit times against the revisit policy."),
    "plan": ("plan", "What delay, traffic and disk a budget of fetches buys."),
    "channels": ("channels", "Where alerts go."),
    "rules": ("rules", "Which events raise an alert."),
    "alerts": ("alerts", "Alerts sent, waiting and failed."),
    "verify": ("verify", "Check the catalogue against the WARC files."),
    "stats": ("stats", "How often outlets edit, and whether they say so."),
    "cite": ("cite", "A citation of an edit, or of what an article said."),
    "evidence": ("evidence", "Both captures of an edit, with their records and how to check them."),
    "export": ("export", "Captures as one WARC or WACZ file."),
    "rebuild": ("rebuild", "Make a new catalogue from the WARC files alone."),
    "demo": ("demo", "A local living newspaper plus the service; needs no internet."),
    "deliver": ("deliver", "Only the delivery of alerts; `run` starts it."),
}

#: Commands that `run` starts by itself.
HIDDEN = frozenset({"deliver"})


class Commands(click.Group):
    """Loads a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the library's signature
        """Return the commands in the order of use."""
        return [name for name in COMMANDS if name not in HIDDEN]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the library's signature
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"lateedition.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `lateedition demo`, or `lateedition watch https://…` and `lateedition run`.",
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=True),
    envvar="LATEEDITION_HOME",
    default=Path("lateedition-home"),
    show_default="./lateedition-home",
    help="The only place anything is written to.",
)
@click.option("--dark", is_flag=True, help="Show what asks archives to keep away, and is kept dark for that.")
@click.option("--debug", is_flag=True, help="Show where an unexpected error comes from.")
@click.version_option(__version__, prog_name="lateedition")
@click.pass_context
def cli(ctx: click.Context, home: Path, dark: bool, debug: bool) -> None:  # noqa: ARG001 - looked at in `run`
    """Archive news articles, and be told when they are edited."""
    ctx.obj = Home(home, dark=dark)


def main(arguments: list[str] | None = None) -> None:
    """Run the command; end the process with the contract's exit code, never with a traceback."""
    gc.set_threshold(BETWEEN)
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 the work failed, 2 wrong usage or settings."""
    from alerts.errors import AlertError
    from archive.errors import ArchiveError
    from config.errors import SettingsError

    try:
        outcome: Any = cli.main(args=arguments, prog_name="lateedition", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SettingsError as error:
        return _say(str(error), 2)
    except BrokenPipeError:
        return _reader_gone()
    except (KeyboardInterrupt, click.Abort):
        return _say("stopped.", 130)
    except (ArchiveError, AlertError) as error:
        return _say(str(error), 1)
    except LookupError as error:
        return _say(str(error.args[0]) if error.args else str(error), 1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _say(f"{where}{error.strerror or error}", 1)
    except Exception as error:
        if "--debug" in (arguments if arguments is not None else sys.argv):
            raise
        return _say(
            f"unexpected {type(error).__name__}: {error}; `--debug` before the command shows where.", 1
        )
    return outcome if isinstance(outcome, int) else 0


def _say(text: str, code: int) -> int:
    click.echo(f"lateedition: {text}", err=True)
    return code


def _reader_gone() -> int:
    """End quietly when whoever reads our output has closed it (`| head`)."""
    # The interpreter flushes standard output once more at its end; let that go nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0

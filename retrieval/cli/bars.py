"""Long work in a terminal: a bar a stage, gone when the work is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from retrieval import content


@contextmanager
def bars(console: Console) -> Iterator[content.Progress]:
    """A progress whose stages are shown while the block runs."""
    columns = TextColumn("{task.description:<6}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=console, transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = shown.add_task(stage)
            shown.update(tasks[stage], completed=done, total=total)

        yield progress

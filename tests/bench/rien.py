"""The workflow of the floor, alone in its file: Temporal's sandbox imports the file again for each workflow that starts."""

from temporalio import workflow


@workflow.defn(name="Rien")
class Rien:
    """A workflow that does nothing."""

    @workflow.run
    async def run(self) -> None:
        return

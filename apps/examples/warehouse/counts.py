# Checks the DataFrame `exposures`, a partition at a time. Each machine needs `sortition` and `flags.json`. PySpark passes only
# `env` to the process: if the PATH of the executors differs from the driver's, write it instead. Many partitions are empty,
# hence `--allow-empty`. With `checkCode`, a partition that exceeds a limit fails the job, with the reason in the
# executor's log. The lines of `counts` with a `total` add up.
import os

lines = exposures.repartition("subject").sortWithinPartitions("timestamp").toJSON()
counts = lines.pipe(
    "sortition replay - --config flags.json --zone UTC --json"
    " --max-wrong 100% --max-unknown 100% --max-unjudged 100% --max-bad 1% --allow-empty",
    env={"PATH": os.environ["PATH"]},
    checkCode=True,
)

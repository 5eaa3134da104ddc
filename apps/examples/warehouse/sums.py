# Runs `sortition replay` for each part of the subjects with Dask, and prints the sum of the counts. If a worker dies, Dask
# repeats its parts. A part may be empty.
import json
import subprocess
import sys

from distributed import Client

PARTS = range(1, 9)
OPTIONS = ["--config", "flags.json", "--zone", "UTC", "--json", "--max-wrong", "100%", "--max-unknown", "100%", "--max-unjudged", "100%"]
LIMITS = ["--max-bad", "1%", "--allow-empty"]


def replay(*source):
    command = ["sortition", "replay", *source, *OPTIONS, *LIMITS]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def of_file(part):
    return replay(f"parts/{part}.ndjson")


def of_part(part):
    return replay("exposures.ndjson", "--part", f"{part}/8")


def added(one, other):
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: added(one[name], other[name]) for name in one}
    return one + other if isinstance(one, int) else one


if __name__ == "__main__":
    count = of_file if sys.argv[1] == "files" else of_part
    with Client(n_workers=2, threads_per_worker=1) as client:
        total, *others = client.gather(client.map(count, PARTS))
    for other in others:
        total = added(total, other)
    print(json.dumps(total))

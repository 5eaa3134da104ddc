# Replaces PySpark: runs a recipe with a DataFrame `exposures`, and prints the content of `counts`. `pipe` starts the process of
# each partition in the same way as pyspark/core/rdd.py.
import shlex
import sys
from subprocess import PIPE, Popen
from threading import Thread


class Exposures:
    def __init__(self, paths):
        self.paths = paths

    def repartition(self, column):
        assert column == "subject"
        return self

    def sortWithinPartitions(self, column):
        assert column == "timestamp"
        return self

    def toJSON(self):
        return self

    def pipe(self, command, env=None, checkCode=False):
        return [line for path in self.paths for line in partition(path, command, env or {}, checkCode)]


def partition(path, command, env, checkCode):
    process = Popen(shlex.split(command), env=env, stdin=PIPE, stdout=PIPE)

    def write(out):
        with open(path, "rb") as lines:
            for line in lines:
                out.write(line)
        out.close()

    Thread(target=write, args=[process.stdin]).start()
    yield from (line.decode().rstrip("\n") for line in process.stdout)
    process.wait()
    if checkCode and process.returncode:
        raise RuntimeError(f"Pipe function `{command}' exited with error code {process.returncode}")


recipe, *paths = sys.argv[1:]
scope = {"exposures": Exposures(paths)}
with open(recipe) as file:
    exec(file.read(), scope)
print("\n".join(scope["counts"]))

// Runs test files in a copy of the repository, again and again, in one process that is replaced when a fault makes it hang.
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export function createTestRunner(copy, env) {
  let child = null;
  let ended = null;
  let files = null;
  let changed = new Set();

  const start = async () => {
    // The leader of a group of processes, which can be killed together.
    child = fork(join(copy, "scripts/mutants/vitest-process.mjs"), [], {
      ...{ cwd: copy, detached: true, env: { ...process.env, ...env } },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let errors = "";
    child.stderr.on("data", (text) => {
      errors = `${errors}${text}`.slice(-4_000);
    });
    ended = once(child, "exit").then(() => null);
    const started = await Promise.race([once(child, "message"), ended]);
    if (started === null) throw new Error(`vitest did not start:\n${errors}`);
    [{ files }] = started;
  };
  const stop = () => {
    try {
      if (child !== null) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
    child = null;
  };

  return {
    stop,
    /** All test files. */
    async files() {
      if (child === null) await start();
      return files;
    },
    /** Replaces a source in the copy. */
    write(file, text) {
      writeFileSync(join(copy, file), text);
      changed.add(join(copy, file));
    },
    /** Runs files in the given order, until `bail` tests have failed (0: all). */
    async run({ bail, files: wanted, limitSeconds }) {
      if (child === null) await start();
      child.send({ bail, changed: [...changed], files: wanted });
      changed = new Set();
      const signal = AbortSignal.timeout(Math.ceil(limitSeconds * 1_000));
      const answered = once(child, "message", { signal }).catch(() => null);
      const answer = await Promise.race([answered, ended]);
      if (answer !== null) return { ...answer[0], hangs: false };
      stop();
      return { failures: [], seconds: {}, hangs: true };
    },
  };
}

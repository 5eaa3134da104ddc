import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Starts a program of this bench in its own process. Stdout is reserved for tables.
 *
 * @param file - below `dist/`, from which all cells run: they are in one file.
 */
export function startProgram(
  file: string,
  args: readonly string[],
  options: ForkOptions = {},
): ChildProcess {
  const path = resolve(import.meta.dirname, file);
  return fork(path, [...args], { stdio: ["ignore", "ignore", "inherit", "ipc"], ...options });
}

/** Sends a message, and waits for the next one from the process. */
export async function ask<Reply>(
  child: ChildProcess,
  request: string | number | object,
  limitMs?: number,
): Promise<Reply> {
  if (!child.connected) throw new Error("the process ended early");
  const reply = nextMessage<Reply>(child, limitMs);
  child.send(request);
  return await reply;
}

/**
 * Waits for the next message from a process.
 *
 * @param limitMs - time limit. Default: none.
 * @throws Error if the process ends first, or the time limit is exceeded.
 */
export async function nextMessage<Message>(
  child: ChildProcess,
  limitMs?: number,
): Promise<Message> {
  const settled = new AbortController();
  const { signal } = settled;
  const late = (): never => {
    throw new Error("the process does not answer");
  };
  try {
    return await Promise.race([
      once(child, "message", { signal }).then(([message]) => message as Message), // its program writes no other
      once(child, "exit", { signal }).then(([code, by]) => {
        throw new Error(`the process ended early (${by ?? `exit code ${code}`})`);
      }),
      ...(limitMs === undefined ? [] : [delay(limitMs, undefined, { signal }).then(late)]),
    ]);
  } finally {
    settled.abort();
  }
}

import { inspect } from "node:util";
import { vi } from "vitest";
import { startFakeTime } from "./fake-time.js";
import { Recording, shown } from "./recording.js";
import { ScriptedNetwork, type ScriptedServer } from "./scripted-network.js";

/** Levels of the loggers that packages take. */
type Level = "verbose" | "trace" | "debug" | "info" | "warn" | "error";

/** What a situation is played with. */
export interface Stage {
  /** Answers requests to any address, `https:` too. */
  readonly server: ScriptedServer;
  /** Writes each call as a line. Its methods are bound. */
  readonly logger: Readonly<Record<Level, (...parts: unknown[]) => void>>;
  /** Lets time pass: timers run, each at its time, and what each starts is waited for. 0: what is under way ends. */
  advance(ms: number): Promise<void>;
  /** Writes a line. */
  note(what: string, ...parts: unknown[]): void;
  /** Writes a line when the promise settles, with its value or error. */
  settles(name: string, promise: Promise<unknown>): void;
  /** Called at the end of the situation, last first, for what must not go on after it. */
  finally(undo: () => unknown): void;
}

/** What happens to a client, from its creation to its end: it must be stopped by then. */
export interface Situation {
  readonly name: string;
  play(stage: Stage): Promise<void>;
}

/** Time after the end of a situation in which nothing more may happen, and is recorded if it does. */
const AFTERMATH_MS = 3_600_000;
const LEVELS: readonly Level[] = ["verbose", "trace", "debug", "info", "warn", "error"];

/**
 * Plays a situation on fake time and returns what was seen: requests with their replies, lines of log and settled
 * promises, each with its time since the start in ms. `Math.random` is 0.5 throughout.
 *
 * @param normalise - replaces what differs between runs or machines in a line; uuids and versions are replaced anyway.
 */
export async function recordSituation(
  { play }: Situation,
  normalise: (line: string) => string = (line) => line,
): Promise<string> {
  const undo: (() => unknown)[] = [];
  const time = startFakeTime();
  const recording = new Recording(() => time.elapsedMs, normalise);
  const add = (what: string): void => {
    time.touch();
    recording.add(what);
  };
  const line = (what: string, parts: readonly unknown[]): void =>
    add([what, ...parts.flat(1).map(shown)].join(" "));
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  for (const method of ["debug", "error", "info", "log", "warn"] as const) {
    vi.spyOn(console, method).mockImplementation((...parts) => line(`console.${method}`, parts));
  }
  const network = new ScriptedNetwork({
    onEvent: add,
    onRequest(request, reply) {
      time.touch();
      recording.request(request, reply);
    },
    onTraffic: () => time.touch(),
  });
  const logger = Object.fromEntries(
    LEVELS.map((level) => [level, (...parts: unknown[]) => line(level, parts)]),
  ) as Stage["logger"]; // one method per level
  try {
    await play({
      server: network,
      logger,
      advance: (ms) => time.advance(ms),
      note: (what, ...parts) => line(what, parts),
      settles(name, promise) {
        promise.then(
          (value) => line(`${name} resolved`, value === undefined ? [] : [value]),
          (error: unknown) =>
            line(`${name} rejected`, [error instanceof Error ? error : inspect(error)]),
        );
      },
      finally: (callback) => void undo.push(callback),
    });
    await time.settle();
    const before = recording.text;
    await time.advance(AFTERMATH_MS);
    if (recording.text !== before)
      recording.add("the end, after which nothing should have happened");
    return recording.text;
  } finally {
    for (const callback of undo.reverse()) await callback();
    network.close();
    await time.settle();
    time.stop();
    vi.restoreAllMocks();
  }
}

import { inspect } from "node:util";
import { vi } from "vitest";
import { type FakeTime, startFakeTime } from "./fake-time.js";
import { Recording, shown } from "./recording.js";
import { ScriptedNetwork, type ScriptedServer } from "./scripted-network.js";

/** Levels of the loggers that packages accept. */
type Level = "verbose" | "trace" | "debug" | "info" | "warn" | "error";

/** The environment of a situation. */
export interface Stage {
  /** Replies to requests to any address, including `https:`. */
  readonly server: ScriptedServer;
  /** Records each call as a line. Its methods are bound. */
  readonly logger: Readonly<Record<Level, (...parts: unknown[]) => void>>;
  /**
   * Advances time: runs timers, each at its time, and waits for what each starts. With 0, waits for
   * work in progress.
   */
  advance(ms: number): Promise<void>;
  /** Records a line. */
  note(what: string, ...parts: unknown[]): void;
  /** Records a line when the promise settles, with its value or error. */
  settles(name: string, promise: Promise<unknown>): void;
  /**
   * Adds a callback that runs after the situation, in reverse order, to clean up. It is not
   * awaited.
   */
  finally(undo: () => unknown): void;
}

/** A situation of a client from its creation to its end. The client must be stopped by then. */
export interface Situation {
  readonly name: string;
  play(stage: Stage): Promise<void>;
}

/**
 * Time after the end of a situation in which nothing more should happen. If something does, it is
 * recorded.
 */
const AFTERMATH_MS = 3_600_000;
/** The last line of a record if something happened in this time. */
export const AFTER_THE_END = "this happened after the end";
const LEVELS: readonly Level[] = ["verbose", "trace", "debug", "info", "warn", "error"];

/**
 * Runs a situation in fake time and returns the record: requests with their replies, log lines and
 * settled promises, each with the ms since the start. `Math.random` always returns 0.5.
 *
 * @param normalise - replaces the parts of a line that differ between runs or machines. UUIDs and
 * versions are always replaced.
 * @param waitsForThreads - see `RecordingsSuite`.
 */
export async function recordSituation(
  { play }: Situation,
  normalise: (line: string) => string = (line) => line,
  waitsForThreads = true,
): Promise<string> {
  const undo: (() => unknown)[] = [];
  const time = startFakeTime(waitsForThreads);
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
  ) as Stage["logger"]; // there is one method per level
  const progress = new Progress(time);
  try {
    const playing = play({
      server: network,
      logger,
      advance: (ms) => progress.advance(ms),
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
    await progress.until(playing);
    await time.settle();
    const before = recording.text;
    await time.advance(AFTERMATH_MS);
    if (recording.text !== before) recording.add(AFTER_THE_END);
    return recording.text;
  } finally {
    for (const callback of undo.reverse()) callback();
    network.close();
    await time.settle();
    time.stop();
    vi.restoreAllMocks();
  }
}

/**
 * Runs a situation, and detects when it awaits a promise that needs time, because time does not
 * pass in the meantime.
 */
class Progress {
  readonly #time: FakeTime;
  #advances = 0;
  #isAdvancing = false;
  #hasEnded = false;
  #fail: (error: Error) => void = () => {};

  constructor(time: FakeTime) {
    this.#time = time;
  }

  async advance(ms: number): Promise<void> {
    this.#advances += 1;
    this.#isAdvancing = true;
    await this.#time.advance(ms);
    this.#isAdvancing = false;
    void this.#expectMore();
  }

  /** @throws Error if the situation only continues after time passes. */
  async until(playing: Promise<void>): Promise<void> {
    const stuck = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    void this.#expectMore();
    try {
      await Promise.race([playing, stuck]);
    } finally {
      this.#hasEnded = true;
    }
  }

  async #expectMore(): Promise<void> {
    const advances = this.#advances;
    await this.#time.settle();
    if (this.#hasEnded || this.#isAdvancing || this.#advances > advances) return;
    const remedy = "pass the promise to settles(name, promise), then call advance";
    this.#fail(
      new Error(
        `at +${this.#time.elapsedMs} the situation awaits something that needs time: ${remedy}`,
      ),
    );
  }
}

import { inspect } from "node:util";
import { vi } from "vitest";
import { type FakeTime, startFakeTime } from "./fake-time.js";
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
  /** Called after the end of the situation, last first, for what must not outlive it. Nothing is waited for. */
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
  ) as Stage["logger"]; // one method per level
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
    if (recording.text !== before) recording.add("this happened after the end");
    return recording.text;
  } finally {
    for (const callback of undo.reverse()) callback();
    network.close();
    await time.settle();
    time.stop();
    vi.restoreAllMocks();
  }
}

/** Lets time pass for a situation, and notices when it waits for a promise that needs time, which does not pass meanwhile. */
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

  /** @throws Error if the situation goes on only when time does. */
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
    const remedy = "call settles(name, promise), and advance";
    this.#fail(new Error(`at +${this.#time.elapsedMs} it waits for what needs time: ${remedy}`));
  }
}

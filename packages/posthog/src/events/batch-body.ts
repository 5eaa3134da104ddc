import { type Clock, type Moment, momentAgo, msSince } from "@sortition/core/internal";

export interface BodySettings {
  readonly projectToken: string;
  readonly isHistorical: boolean;
  readonly isCompressed: boolean;
}

/** Loaded on first use, because `node:zlib` is needed for events, but not for flags. */
async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  const { gzip } = process.getBuiltinModule("node:zlib");
  return new Promise((resolve, reject) => {
    gzip(bytes, (error, compressed) => (error === null ? resolve(compressed) : reject(error)));
  });
}

/**
 * Writes the body of a request. Compresses it off the event loop.
 *
 * @param events - JSON strings.
 * @param nowMs - the server uses it to correct the times of events for clock differences.
 */
async function writeBody(
  events: readonly string[],
  { isCompressed, isHistorical, projectToken }: BodySettings,
  nowMs: number,
): Promise<Uint8Array> {
  const sentAt = new Date(nowMs).toISOString();
  const start = `{"api_key":${JSON.stringify(projectToken)},"batch":[`;
  const end = `],"sent_at":"${sentAt}"${isHistorical ? ',"historical_migration":true' : ""}}`;
  const bytes = Buffer.from(start + events.join() + end);
  return isCompressed ? compress(bytes) : bytes;
}

/** Maximum age of a prepared body. An older one is written again, because it contains the time of sending. */
const MAX_AGE_MS = 500;

/** Writes the bodies of batches. The next body is prepared while a request is in flight. */
export class BatchBodies {
  readonly #settings: BodySettings;
  readonly #clock: Clock;
  #next: {
    readonly events: readonly string[];
    readonly madeAt: Moment;
    readonly body: Promise<Uint8Array>;
  } | null = null;

  constructor(settings: BodySettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  take(events: readonly string[]): Promise<Uint8Array> {
    const next = this.#next;
    this.#next = null;
    const isUsable =
      next !== null &&
      msSince(next.madeAt, this.#clock) < MAX_AGE_MS &&
      events.length === next.events.length &&
      events.every((event, i) => event === next.events[i]);
    return isUsable ? next.body : writeBody(events, this.#settings, this.#clock.now());
  }

  /** Starts writing a body for the events that will probably be sent next. */
  prepare(events: readonly string[]): void {
    const body = writeBody(events, this.#settings, this.#clock.now());
    body.catch(() => {}); // `take` rejects with the same error
    this.#next = { events, madeAt: momentAgo(this.#clock), body };
  }
}

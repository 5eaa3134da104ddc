import { type Clock, type Moment, momentAgo, msSince } from "@sortition/core/internal";

/** What a body has besides its events. */
export interface BodySettings {
  readonly projectToken: string;
  readonly isHistorical: boolean;
  readonly isCompressed: boolean;
}

/** Not imported: `node:zlib` is needed by the first events, not by the first flag. */
async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  const { gzip } = process.getBuiltinModule("node:zlib");
  return new Promise((resolve, reject) => {
    gzip(bytes, (error, compressed) => (error === null ? resolve(compressed) : reject(error)));
  });
}

/**
 * The body of a request. Compressed off the event loop.
 *
 * @param events - each as JSON.
 * @param nowMs - the server corrects the times of events by the difference from its own clock.
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

/** Older bodies are written again, because a body contains its time of sending. */
const MAX_AGE_MS = 500;

/** Writes the bodies of batches, the next one ahead: while a request is under way there is time for it. */
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

  /** Begins to write the body of events that are probably the next ones. */
  prepare(events: readonly string[]): void {
    const body = writeBody(events, this.#settings, this.#clock.now());
    body.catch(() => {}); // `take` rejects with the same error
    this.#next = { events, madeAt: momentAgo(this.#clock), body };
  }
}

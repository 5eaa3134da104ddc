import { type Payload, SortitionError } from "@sortition/core/internal";
import type { HttpTransport } from "@sortition/node/internal";
import type { ClientLog } from "../../messages/logging.js";
import { MAX_DOWNLOADS } from "../../source/cohort-attempt.js";
import { type CohortServer, downloadCohort } from "../../source/cohort-request.js";
import { Slots } from "../../source/slots.js";

interface KnownCohort {
  payload: Payload | null;
  /** Whether the cohort is loaded or has finally failed. */
  isSettled: boolean;
  running: Promise<void> | null;
}

export interface DownloadParts {
  readonly server: CohortServer & { readonly transport: Pick<HttpTransport, "release"> };
  readonly log: ClientLog;
}

/** Downloads the cohorts of a client: a few at a time, but never the same one twice at once. */
export class CohortDownloads {
  readonly #parts: DownloadParts;
  readonly #known = new Map<string, KnownCohort>();
  #run = new AbortController();
  readonly #slots: Slots;

  constructor(parts: DownloadParts) {
    this.#parts = parts;
    this.#slots = new Slots(parts.server.clock, MAX_DOWNLOADS, null);
  }

  /**
   * Downloads cohorts that are not loaded yet.
   *
   * @param all - whether to check loaded cohorts for changes too.
   * @param onChange - called for each cohort that was loaded, has changed or has failed for the
   * first time.
   */
  refresh(ids: readonly string[], all: boolean, onChange: () => void): void {
    for (const id of ids) {
      const known = this.#knownOf(id);
      if (known.running !== null || (known.payload !== null && !all)) continue;
      const running = this.#download(id, known, onChange).finally(() => {
        if (known.running === running) known.running = null;
      });
      known.running = running;
    }
  }

  /** Forgets all other cohorts. */
  retain(ids: ReadonlySet<string>): void {
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
  }

  /** Returns the cohorts that are neither loaded nor failed. */
  pending(ids: readonly string[]): ReadonlySet<string> {
    return new Set(ids.filter((id) => !this.#known.get(id)?.isSettled));
  }

  /** Returns the loaded cohorts. */
  payloads(ids: readonly string[]): readonly Payload[] {
    return ids.map((id) => this.#known.get(id)?.payload ?? null).filter((it) => it !== null);
  }

  /** Settles when each cohort is loaded or has failed, or after a stop. */
  async settled(ids: readonly string[]): Promise<void> {
    await Promise.all([...this.pending(ids)].map((id) => this.#known.get(id)?.running));
  }

  /** Ends the running downloads. Loaded cohorts are kept. */
  stop(): void {
    this.#run.abort();
    this.#run = new AbortController();
    for (const known of this.#known.values()) known.running = null;
    this.#parts.server.transport.release();
  }

  #knownOf(id: string): KnownCohort {
    const known = this.#known.get(id) ?? {
      payload: null,
      isSettled: false,
      running: null,
    };
    this.#known.set(id, known);
    return known;
  }

  async #download(id: string, known: KnownCohort, onChange: () => void): Promise<void> {
    const { log, server } = this.#parts;
    const { signal } = this.#run;
    const { isSettled, payload } = known;
    const download = async (): Promise<Payload> => {
      signal.throwIfAborted();
      return await downloadCohort(server, id, payload, signal);
    };
    try {
      known.payload = await this.#slots.run(download);
    } catch (cause) {
      if (signal.aborted) return;
      const reason = SortitionError.is(cause) ? cause.message : "the request failed";
      log.error(`[Experiment] Cohort download failed ${id}`, reason);
    }
    known.isSettled = true;
    if (!isSettled || known.payload !== payload) onChange();
  }
}

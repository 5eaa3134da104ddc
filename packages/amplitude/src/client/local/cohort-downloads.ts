import { type Payload, SortitionError } from "@sortition/core/internal";
import type { HttpTransport } from "@sortition/node/internal";
import type { ClientLog } from "../../messages/logging.js";
import { MAX_DOWNLOADS } from "../../source/cohort-attempt.js";
import { type CohortServer, downloadCohort } from "../../source/cohort-request.js";
import { Slots } from "../../source/slots.js";

interface KnownCohort {
  payload: Payload | null;
  /** Whether it has arrived, or finally failed. */
  isSettled: boolean;
  /** The download that is under way. */
  running: Promise<void> | null;
}

export interface DownloadParts {
  readonly server: CohortServer & { readonly transport: Pick<HttpTransport, "release"> };
  readonly log: ClientLog;
}

/** Downloads the cohorts of a client: each once at a time, and a few beside each other. */
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
   * Downloads cohorts that have not arrived.
   *
   * @param all - whether those that have arrived may have changed.
   * @param onChange - called for each that has arrived, changed, or failed for the first time.
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

  /** Those that have neither arrived nor failed. */
  pending(ids: readonly string[]): ReadonlySet<string> {
    return new Set(ids.filter((id) => !this.#known.get(id)?.isSettled));
  }

  /** Those that have arrived. */
  payloads(ids: readonly string[]): readonly Payload[] {
    return ids.map((id) => this.#known.get(id)?.payload ?? null).filter((it) => it !== null);
  }

  /** Settles when each has arrived or failed, or after a stop. */
  async settled(ids: readonly string[]): Promise<void> {
    await Promise.all([...this.pending(ids)].map((id) => this.#known.get(id)?.running));
  }

  /** Ends the downloads that are under way. What has arrived stays. */
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

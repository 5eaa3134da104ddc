import { readFile, stat } from "node:fs/promises";
import {
  FileError,
  type Moment,
  messageOf,
  momentAgo,
  msSince,
  type Payload,
  type PayloadSet,
  type RefreshOutcome,
  type SortitionError,
  type SourceContext,
  type SourceSink,
  Subscribers,
  transientFailure,
} from "@sortition/core/internal";
import { Attempts } from "../source/attempts.js";
import { closedOutcome } from "../source/refresh.js";
import { watchDirectories } from "./directory-watch.js";

export interface FileFollowerOptions {
  /** Path by part name. */
  readonly paths: ReadonlyMap<string, string>;
  readonly isWatched: boolean;
  readonly debounceMs: number;
  readonly checkIntervalMs: number;
  /** Ports of the first subscriber, used during the whole run. */
  readonly ports: Pick<SourceContext, "clock" | "diagnostics">;
}

/** Files that do not contain a valid configuration, perhaps because a write is in progress. */
interface RejectedFiles {
  readonly stamp: string;
  readonly error: SortitionError;
  /** The files were unchanged at a second check, so no write is in progress. */
  readonly isCertain: boolean;
}

/**
 * One run of a file source, from the first subscription to the end of the last one. It checks the
 * files after file system events, and also at intervals, because events can get lost.
 *
 * @see docs/spec/lifecycle.md §1.4
 */
export class FileFollower {
  readonly #options: FileFollowerOptions;
  readonly #subscribers = new Subscribers();
  #endWatch: () => void = () => {};
  #cancelTimer: () => void = () => {};
  readonly #checks = new Attempts((answered) => this.#check(answered));
  #hasEnded = false;
  /** Stamp and content of the accepted files. */
  #loaded: { readonly stamp: string; readonly payloads: PayloadSet } | null = null;
  /** When the files were last confirmed to have that content. */
  #confirmedAt: Moment;
  #rejected: RejectedFiles | null = null;

  constructor(options: FileFollowerOptions) {
    this.#options = options;
    this.#confirmedAt = momentAgo(options.ports.clock);
  }

  start(): void {
    const { isWatched, paths, debounceMs, ports } = this.#options;
    if (isWatched) {
      const { clock, diagnostics } = ports;
      this.#endWatch = watchDirectories(
        [...paths.values()],
        { debounceMs, clock, diagnostics },
        // A check in progress may have read the files before the change.
        () => void this.#checks.another(),
      );
    }
    void this.refresh();
  }

  /**
   * Adds a client and offers it the loaded payloads.
   *
   * @returns a function that removes the client, and returns whether it was the last one. Removing
   * the last client ends the run in the same turn.
   */
  add(sink: SourceSink, context: SourceContext): () => boolean {
    const { clock } = this.#options.ports;
    const ageMs = (): number => msSince(this.#confirmedAt, clock);
    const loaded = this.#loaded === null ? null : { payloads: this.#loaded.payloads, ageMs };
    const remove = this.#subscribers.add(sink, context, loaded);
    return () => {
      if (!remove()) return false;
      this.#hasEnded = true;
      this.#cancelTimer();
      this.#endWatch();
      return true;
    };
  }

  /** Checks the files, or joins a check that has not read them yet. Never rejects. */
  refresh(): Promise<RefreshOutcome> {
    return this.#checks.next();
  }

  async #check(answered: () => void): Promise<RefreshOutcome> {
    if (this.#hasEnded) return closedOutcome();
    this.#cancelTimer();
    const outcome = await this.#read(answered);
    if (this.#hasEnded) return closedOutcome();
    const { checkIntervalMs, ports } = this.#options;
    const check = (): void => void this.refresh();
    this.#cancelTimer = ports.clock.setTimer(check, checkIntervalMs, { holdsProcess: false });
    if (outcome.outcome !== "failed") this.#subscribers.scheduled(checkIntervalMs);
    return outcome;
  }

  async #read(answered: () => void): Promise<RefreshOutcome> {
    try {
      const stamp = await this.#stamp().finally(answered);
      if (stamp === this.#loaded?.stamp) {
        this.#confirmedAt = momentAgo(this.#options.ports.clock);
        await this.#subscribers.confirm(this.#loaded.payloads);
        return { outcome: "unchanged" };
      }
      const rejected = this.#rejected?.stamp === stamp ? this.#rejected : null;
      if (rejected?.isCertain) return this.#fail(rejected.error);
      const payloads = await this.#payloads();
      const result = await this.#subscribers.offer(payloads);
      if (result.outcome === "failed") {
        const { error } = result;
        this.#rejected = { stamp, error, isCertain: rejected !== null };
        // If nothing is served yet, report the failure immediately, so that a wait for the first
        // configuration can name it.
        const mayBeHalfWritten = rejected === null && this.#loaded !== null;
        return mayBeHalfWritten ? result : this.#fail(error);
      }
      this.#loaded = { stamp, payloads };
      this.#confirmedAt = momentAgo(this.#options.ports.clock);
      this.#rejected = null;
      return result;
    } catch (cause) {
      const { code } = Object(cause) as { readonly code?: unknown };
      const advice = { ENOENT: ": is the path right?", EISDIR: ": pass a file" }[`${code}`] ?? "";
      const message = `cannot read the configuration: ${messageOf(cause)}${advice}`;
      return this.#fail(new FileError("SORTITION_FILE", message, cause));
    }
  }

  #fail(error: SortitionError): RefreshOutcome {
    const inMs = this.#options.checkIntervalMs;
    this.#subscribers.failed(transientFailure(error), { inMs });
    return { outcome: "failed", error };
  }

  /**
   * Identifies the state of the files, following links. It is read before the content: if a file
   * changes in between, the stamp is outdated and the next check finds the change.
   */
  async #stamp(): Promise<string> {
    const stamps = [...this.#options.paths.values()].map(async (path) => {
      const { ino, mtimeNs, size } = await stat(path, { bigint: true });
      return `${ino} ${mtimeNs} ${size}`;
    });
    return (await Promise.all(stamps)).join("\n");
  }

  #payloads(): Promise<PayloadSet> {
    const fetchedAtMs = this.#options.ports.clock.now();
    const payloads = [...this.#options.paths].map(
      async ([part, path]): Promise<Payload> => ({
        part,
        bytes: await readFile(path),
        etag: null,
        fetchedAtMs,
        from: "file",
        place: path,
      }),
    );
    return Promise.all(payloads);
  }
}

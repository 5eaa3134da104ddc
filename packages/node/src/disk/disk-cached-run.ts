import {
  type ConfigurationSource,
  type OfferResult,
  type PayloadSet,
  type SourceAge,
  type SourceContext,
  type SourceSink,
  type Subscription,
  TimeoutError,
} from "@sortition/core/internal";
import { withAbortDeadline } from "../http/abort-deadline.js";
import { thrownFailure } from "../http/failure.js";
import { systemCodeOf } from "../http/system-code.js";
import { type Copy, unusable } from "./copy.js";
import { readCopy } from "./copy-reader.js";
import { CopyWriter, type Saved } from "./copy-writer.js";
import { diskProblem } from "./disk-problem.js";

/** Longest time that a start waits for the disk. */
const READ_TIMEOUT_MS = 250;

export interface DiskCachedRunOptions {
  readonly inner: ConfigurationSource;
  readonly path: string;
  readonly maxAgeMs: number | undefined;
  readonly sink: SourceSink;
  readonly context: SourceContext;
}

/** One subscription, from reading the copy until the last write. */
export class DiskCachedRun implements Subscription {
  readonly #options: DiskCachedRunOptions;
  readonly #reading = new AbortController();
  #innerSubscription: Subscription | null = null;
  readonly writer: CopyWriter;
  /** Payloads that the client is loading. It may accept them just before it is closed. */
  readonly #offers = new Set<Promise<unknown>>();
  /** Resolves when the inner source is subscribed, or will not be subscribed any more. */
  readonly begun: Promise<void>;
  hasEnded = false;

  constructor(options: DiskCachedRunOptions) {
    this.#options = options;
    this.writer = new CopyWriter(options.path, options.context);
    this.begun = this.#begin().catch((cause) =>
      options.sink.failed(thrownFailure(cause), { inMs: null }),
    );
  }

  async end(options: Parameters<Subscription["end"]>[0]): Promise<void> {
    this.hasEnded = true;
    this.#reading.abort();
    await Promise.all([
      this.#innerSubscription?.end(options),
      this.writer.end(Promise.allSettled(this.#offers), options.signal),
    ]);
  }

  async #begin(): Promise<void> {
    const { context, inner, sink } = this.#options;
    const copy = await this.#readInTime();
    let served: Saved | null = null;
    if (copy !== null && !this.hasEnded) {
      // The origin confirmed these bytes when they were saved, or later.
      const ageMs = context.clock.now() - copy.savedAtMs;
      // If the copy is from the future, one of the two clocks was wrong and the age is unknown.
      const age = ageMs < 0 ? {} : { ageMs };
      try {
        const offered = await sink.offer(copy.payloads, age);
        if (offered.outcome === "rejected") this.#ignore(offered.error);
        if (offered.outcome === "applied") served = copy;
      } catch (cause) {
        this.#ignore(cause);
      }
    }
    if (this.hasEnded) return;
    this.#innerSubscription = inner.subscribe(this.#savingSink(served), context);
    this.writer.prepare();
  }

  /** Reads with a deadline, because a disk that hangs must not keep the client from polling. */
  async #readInTime(): Promise<Copy | null> {
    const { context, maxAgeMs, path } = this.#options;
    const { clock, dialect, digest } = context;
    const limit = { clock, timeoutMs: READ_TIMEOUT_MS, signal: this.#reading.signal };
    const facts = { dialect: dialect.name, maxAgeMs, nowMs: clock.now(), digest };
    try {
      return await withAbortDeadline(limit, (signal) => readCopy(path, { ...facts, signal }));
    } catch (cause) {
      const isLate = cause instanceof TimeoutError;
      this.#ignore(isLate ? unusable(`it could not be read within ${READ_TIMEOUT_MS} ms`) : cause);
      return null;
    }
  }

  #ignore(cause: unknown): void {
    if (this.hasEnded) return;
    const systemCode = systemCodeOf(cause);
    const facts = { code: "SORTITION_DISK_CACHE", systemCode, reason: diskProblem(cause, "read") };
    // The first process on a machine has no copy, which is not worth a warning.
    const level = systemCode === "ENOENT" ? "info" : "warn";
    this.#options.context.diagnostics[level]("disk cache ignored", facts);
  }

  /**
   * Returns the client's sink, extended to write accepted payloads from the network or Redis to
   * disk.
   *
   * @param served - the copy, if the client has received it.
   */
  #savingSink(served: Saved | null): SourceSink {
    const { context, maxAgeMs, sink } = this.#options;
    let saved = served;
    const timeOf = ({ ageMs = 0 }: SourceAge): number =>
      context.clock.now() - (Number.isFinite(ageMs) ? ageMs : 0);
    const save = (payloads: PayloadSet, age: SourceAge = {}): void => {
      const isLocal = payloads.some(({ from }) => from === "file" || from === "static");
      saved = isLocal ? null : { payloads, savedAtMs: timeOf(age) };
      if (saved !== null) this.writer.write(saved);
    };
    // Renews a copy that the origin confirms, so that it does not become too old on disk. Repeats a
    // write that failed, and replaces a file that was removed.
    const renew = (age: SourceAge = {}): void => {
      if (saved === null) return;
      const { payloads, savedAtMs } = saved;
      // The copy may be from the future if the clock was set back.
      const differenceMs = Math.abs(timeOf(age) - savedAtMs);
      if (maxAgeMs !== undefined && differenceMs > maxAgeMs / 2) save(payloads, age);
      else this.writer.keep({ payloads, savedAtMs: timeOf(age) });
    };
    const offerAndSave = async (payloads: PayloadSet, age?: SourceAge): Promise<OfferResult> => {
      const result = await sink.offer(payloads, age);
      if (result.outcome === "applied") save(payloads, age);
      else if (result.outcome === "unchanged") renew(age);
      return result;
    };
    return {
      ...sink,
      confirmed(age) {
        sink.confirmed(age);
        renew(age);
      },
      async prepare(payloads) {
        const prepared = await sink.prepare(payloads);
        if (prepared.outcome !== "changed") return prepared;
        return {
          outcome: "changed",
          apply(age) {
            prepared.apply(age);
            save(payloads, age);
          },
        };
      },
      offer: async (payloads, age) => {
        const offer = offerAndSave(payloads, age);
        this.#offers.add(offer);
        return await offer.finally(() => this.#offers.delete(offer));
      },
    };
  }
}

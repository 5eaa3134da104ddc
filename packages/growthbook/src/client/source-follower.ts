import {
  areSamePayloads,
  type ConfigurationOrigin,
  type ConfigurationSource,
  createClock,
  DecodeError,
  MAX_DELAY_MS,
  OptionError,
  type PayloadSet,
  type SourceContext,
  type SourceSink,
  type Subscription,
  sha256,
  textOf,
  within,
} from "@sortition/core/internal";
import { ADDRESSES } from "../dialect/addresses.js";
import { growthbook } from "../dialect/factory.js";
import type { Reports } from "../messages/reports.js";
import type { FeatureApiResponse } from "../model/payload.js";
import { destroyed, type FetchResponse, failed, timedOut } from "../source/fetch-response.js";

/** Bytes are parsed once, so that instances with the same source share the payload and its compiled form. */
const parsed = new WeakMap<Uint8Array, FeatureApiResponse>();

/** Follows a source instead of GrowthBook's API, from `init` until `destroy`. */
export class SourceFollower {
  readonly #given: ConfigurationSource | ConfigurationOrigin;
  readonly #onPayload: (payload: FeatureApiResponse) => Promise<void>;
  readonly #reports: Reports;
  readonly #controller = new AbortController();
  #source: ConfigurationSource | null = null;
  #subscription: Subscription | null = null;
  #held: PayloadSet | null = null;
  #outcome: FetchResponse | null = null;
  #waiting: ((outcome: FetchResponse) => void)[] = [];

  /** @throws OptionError for another vendor's source. */
  constructor(
    given: ConfigurationSource | ConfigurationOrigin,
    onPayload: (payload: FeatureApiResponse) => Promise<void>,
    reports: Reports,
  ) {
    const { dialect } = given;
    if (dialect !== null && dialect.name !== ADDRESSES.name) {
      throw new OptionError(
        "source",
        `expected a source of GrowthBook's payloads, got ${dialect.name}`,
      );
    }
    this.#given = given;
    this.#onPayload = onPayload;
    this.#reports = reports;
  }

  /** Starts following the source. Resolves with the first outcome or after the timeout. */
  async ready(timeoutMs: number | undefined): Promise<FetchResponse> {
    if (this.#controller.signal.aborted) return destroyed();
    const first = this.#outcome;
    if (first?.success) return first;
    const next = new Promise<FetchResponse>((resolve) => this.#waiting.push(resolve));
    await this.#subscribe();
    if (!timeoutMs) return next;
    // A caller that waits keeps Node.js alive. Timers of the vendor's SDK end immediately if they are too long.
    const delayMs = timeoutMs > MAX_DELAY_MS ? 1 : timeoutMs;
    const limit = { clock: createClock(), timeoutMs: delayMs, holdsProcess: true };
    const waited = await within(limit, () => next);
    return waited.kind === "late" ? timedOut() : next;
  }

  /** Requests a new payload from the source. */
  async refresh(): Promise<void> {
    await this.#subscribe();
    await this.#source?.refresh({ signal: this.#controller.signal });
  }

  end(): void {
    this.#controller.abort();
    void this.#subscription?.end({ signal: this.#controller.signal });
    this.#subscription = null;
    this.#settle(destroyed());
  }

  async #subscribe(): Promise<void> {
    if (this.#subscription !== null || this.#controller.signal.aborted) return;
    this.#source ??= await sourceOf(this.#given);
    if (this.#subscription !== null || this.#controller.signal.aborted) return;
    this.#subscription = this.#source.subscribe(this.#sink(), this.#context());
  }

  #sink(): SourceSink {
    return {
      prepare: async (payloads) => this.#prepare(payloads),
      offer: async (payloads) => {
        const update = this.#prepare(payloads);
        if (update.outcome !== "changed") return update;
        await update.apply();
        return { outcome: "applied" };
      },
      confirmed: () => {},
      failed: ({ error }) => this.#settle(failed(error)),
      scheduled: () => {},
      idle: () => {},
    };
  }

  #context(): SourceContext {
    const reports = this.#reports;
    return {
      dialect: growthbook(),
      clock: createClock(),
      random: Math.random,
      digest: async (...chunks) => sha256(Buffer.concat(chunks)),
      diagnostics: {
        debug: () => {},
        info: () => {},
        warn: (message, facts) => reports.warn(message, facts),
        error: (message, facts) => reports.error(message, undefined, facts),
      },
      current: () => this.#held,
    };
  }

  #prepare(payloads: PayloadSet) {
    if (this.#held !== null && areSamePayloads(this.#held, payloads)) {
      return { outcome: "unchanged" } as const;
    }
    try {
      const data = parsePayload(payloads);
      return { outcome: "changed", apply: () => this.#apply(payloads, data) } as const;
    } catch (cause) {
      const error =
        cause instanceof DecodeError ? cause : new DecodeError("$", "the payload is not JSON");
      this.#settle(failed(error));
      return { outcome: "rejected", error } as const;
    }
  }

  /** Never rejects, although a subclass may override the method that sets the payload. */
  async #apply(payloads: PayloadSet, data: FeatureApiResponse): Promise<void> {
    if (this.#controller.signal.aborted) return;
    this.#held = payloads;
    try {
      await this.#onPayload(data);
      this.#outcome = { data, success: true, source: "network" };
      this.#settle(this.#outcome);
    } catch (cause) {
      this.#reports.error("a payload could not be applied", cause);
      this.#settle(failed(cause));
    }
  }

  #settle(outcome: FetchResponse): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(outcome);
  }
}

async function sourceOf(
  given: ConfigurationSource | ConfigurationOrigin,
): Promise<ConfigurationSource> {
  if ("subscribe" in given) return given;
  const { pollingSource } = await import("@sortition/node/internal");
  return pollingSource(given);
}

function parsePayload(payloads: PayloadSet): FeatureApiResponse {
  const bytes = payloads[0]?.bytes;
  if (bytes === undefined) throw new DecodeError("$", "expected a payload, received none");
  const known = parsed.get(bytes);
  if (known !== undefined) return known;
  const data: unknown = JSON.parse(textOf(bytes));
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new DecodeError("$", "expected an object");
  }
  parsed.set(bytes, data);
  return data;
}

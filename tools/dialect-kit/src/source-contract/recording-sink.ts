import type {
  ConfigurationSource,
  Dialect,
  PayloadSet,
  SourceContext,
  SourceSink,
  Subscription,
} from "@sortition/core/internal";
import type { FakeClock } from "@sortition/test-kit";

/** One call of a sink. Payloads that are prepared and applied are recorded as an offer, too. */
export type SinkCall =
  | { readonly kind: "offer"; readonly payloads: PayloadSet; readonly ageMs: number }
  | { readonly kind: "confirmed"; readonly ageMs: number }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "scheduled" | "idle" };

/** A sink that records its calls, and keeps the last offer. */
export class RecordingSink {
  readonly calls: SinkCall[] = [];
  /** Called for each offer, during the attempt. */
  onOffer: () => void = () => {};
  #fault: { readonly method: keyof SourceSink; readonly isLasting: boolean } | null = null;

  /** Makes a method throw at its next call, or at all later calls. */
  throwIn(method: keyof SourceSink, isLasting = false): this {
    this.#fault = { method, isLasting };
    return this;
  }

  /** Contents of the offered payloads. The bytes of all parts are joined. */
  get offered(): readonly string[] {
    return this.calls.flatMap((call) => (call.kind === "offer" ? [textOf(call.payloads)] : []));
  }

  /** Subscribes with a context that contains the last offer. */
  subscribe(source: ConfigurationSource, dialect: Dialect, clock: FakeClock): Subscription {
    return source.subscribe(this.#sink, this.#contextOf(dialect, clock));
  }

  readonly #sink: SourceSink = {
    prepare: async (payloads) => {
      this.#throwIfMeant("offer");
      if (textOf(payloads) === this.offered.at(-1)) return { outcome: "unchanged" };
      return {
        outcome: "changed",
        apply: ({ ageMs = 0 } = {}) => this.#take(payloads, ageMs),
      };
    },
    offer: async (payloads, { ageMs = 0 } = {}) => {
      this.#throwIfMeant("offer");
      const isSame = textOf(payloads) === this.offered.at(-1);
      this.#take(payloads, ageMs);
      return { outcome: isSame ? "unchanged" : "applied" };
    },
    confirmed: ({ ageMs = 0 } = {}) => this.#note("confirmed", { kind: "confirmed", ageMs }),
    failed: ({ error }) => this.#note("failed", { kind: "failed", error }),
    scheduled: () => this.#note("scheduled", { kind: "scheduled" }),
    idle: () => this.#note("idle", { kind: "idle" }),
  };

  #take(payloads: PayloadSet, ageMs: number): void {
    this.calls.push({ kind: "offer", payloads, ageMs });
    this.onOffer();
  }

  #note(method: keyof SourceSink, call: SinkCall): void {
    this.#throwIfMeant(method);
    this.calls.push(call);
  }

  #throwIfMeant(method: keyof SourceSink): void {
    if (this.#fault?.method !== method) return;
    if (!this.#fault.isLasting) this.#fault = null;
    throw SINK_FAULT;
  }

  #contextOf(dialect: Dialect, clock: FakeClock): SourceContext {
    return {
      dialect,
      clock,
      random: () => 0.5,
      digest: async (...chunks) => Buffer.concat(chunks),
      diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
      current: () => {
        const last = this.calls.findLast((call) => call.kind === "offer");
        return last?.kind === "offer" ? last.payloads : null;
      },
    };
  }
}

/** Error thrown by a sink that should fail. */
export const SINK_FAULT: Error = new TypeError("a fault of the sink");

function textOf(payloads: PayloadSet): string {
  return payloads.map(({ bytes }) => new TextDecoder().decode(bytes)).join();
}

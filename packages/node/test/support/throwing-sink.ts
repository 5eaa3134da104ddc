import type {
  ConfigurationSource,
  Dialect,
  PayloadSet,
  SourceContext,
  SourceSink,
} from "@sortition/core/source";
import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import { expect, it } from "vitest";

/** A source under test, and a way to give it new content. */
export interface SourceUnderTest {
  readonly source: ConfigurationSource;
  /** What its origin has from now on; the source finds it at its next look. */
  publish(content: string): void | Promise<void>;
  /** Ends what belongs to the test. */
  dispose?(): void | Promise<void>;
}

/** How a source is made for one test; it has the content `first`. */
export interface SourceCase {
  readonly dialect: Dialect;
  create(clock: FakeClock): SourceUnderTest | Promise<SourceUnderTest>;
}

/** A sink that writes down what it is offered. */
interface RecordingSink extends SourceSink {
  readonly offers: string[];
  readonly failures: unknown[];
}

/**
 * A sink that throws once gets the next payload: whatever one call of the sink throws or rejects, the
 * source goes on, and calls the sink with what it finds next.
 */
export function describeThrowingSink({ create, dialect }: SourceCase): void {
  it.each(["offer", "confirmed", "scheduled", "failed"] as const)(
    "lifecycle §7 fault 39: a sink that throws once, in %s, gets the next payload",
    async (method) => {
      const clock = createFakeClock();
      const { source, publish, dispose } = await create(clock);
      const sink = throwOnce(recordingSink(), method);
      const { signal } = new AbortController();
      const subscription = source.subscribe(sink, contextOf(dialect, clock, sink));
      const look = () => source.refresh({ signal });
      await look();
      await look();
      await publish("second");
      // The look that fails in the sink, and the next one, which finds the same content.
      await look();
      await look();
      expect(sink.offers.at(-1)).toBe("second");
      await publish("third");
      await look();
      expect(sink.offers.at(-1)).toBe("third");
      await subscription.end({ signal });
      await dispose?.();
    },
  );

  it("a sink that throws is a failed look with the true error", async () => {
    const clock = createFakeClock();
    const { source, dispose } = await create(clock);
    const fault = new TypeError("a fault of the sink");
    const sink: RecordingSink = {
      ...recordingSink(),
      offer() {
        throw fault;
      },
    };
    const { signal } = new AbortController();
    const subscription = source.subscribe(sink, contextOf(dialect, clock, sink));
    expect(await source.refresh({ signal })).toMatchObject({
      outcome: "failed",
      error: { code: "SORTITION_DECODE", cause: fault },
    });
    await subscription.end({ signal });
    await dispose?.();
  });
}

function recordingSink(): RecordingSink {
  const offers: string[] = [];
  const failures: unknown[] = [];
  return {
    offers,
    failures,
    prepare: async () => ({ outcome: "unchanged" }),
    async offer(payloads) {
      offers.push(textOf(payloads));
      return { outcome: "applied" };
    },
    confirmed() {},
    scheduled() {},
    failed: ({ error }) => void failures.push(error),
    idle() {},
  };
}

function throwOnce(sink: RecordingSink, method: keyof SourceSink): RecordingSink {
  let hasThrown = false;
  const inner = sink[method] as (...args: unknown[]) => unknown;
  return {
    ...sink,
    [method]: (...args: unknown[]): unknown => {
      if (!hasThrown) {
        hasThrown = true;
        throw new TypeError("a fault of the sink");
      }
      return inner(...args);
    },
  };
}

/** The client holds what was offered last. */
function contextOf(dialect: Dialect, clock: FakeClock, { offers }: RecordingSink): SourceContext {
  return {
    dialect,
    clock,
    random: () => 0.5,
    digest: async (...chunks) => Buffer.concat(chunks),
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    current: () => {
      const text = offers.at(-1);
      return text === undefined ? null : payloadsOf(text);
    },
  };
}

function textOf(payloads: PayloadSet): string {
  return payloads.map(({ bytes }) => Buffer.from(bytes).toString()).join();
}

/** One part with that content, as an origin would deliver it. */
export function payloadsOf(content: string): PayloadSet {
  const bytes = Buffer.from(content);
  return [{ part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "network" }];
}

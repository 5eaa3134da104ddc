import {
  ClosedError,
  type ConfigurationOrigin,
  type ConfigurationSource,
  DecodeError,
  type Dialect,
  type Facts,
  type Failure,
  type FetchResult,
  HttpStatusError,
  NetworkError,
  type OfferResult,
  type PayloadSet,
  type SourceContext,
  type SourceSink,
} from "@sortition/core/internal";
import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { pollingSource } from "./polling-source.js";

const never = new AbortController().signal;
/** A dialect without endpoints, because the source does not use them. */
const dialect = { name: "test", endpoints: [] } as unknown as Dialect; // a source reads nothing else of it
const transient: Failure = {
  kind: "transient",
  error: new NetworkError("broken", null),
  retryAfterMs: null,
};

function payloads(text: string, etag: string | null = `"${text}"`): PayloadSet {
  return [{ part: "flags", bytes: Buffer.from(text), etag, fetchedAtMs: 0, from: "network" }];
}

function found(text: string): FetchResult {
  return { kind: "payloads", payloads: payloads(text) };
}

/** An origin whose attempts are answered by the test. */
class ManualOrigin implements ConfigurationOrigin {
  readonly dialect = dialect;
  readonly scope = "";
  readonly attempts: {
    readonly current: PayloadSet | null;
    readonly signal: { readonly aborted: boolean };
    answer(result: FetchResult): void;
    reject(cause: unknown): void;
  }[] = [];
  releases = 0;

  fetchOnce(
    current: PayloadSet | null,
    { signal }: { readonly signal: { readonly aborted: boolean } },
  ): Promise<FetchResult> {
    return new Promise((answer, reject) => {
      this.attempts.push({ current, signal, answer, reject });
    });
  }

  get last() {
    const last = this.attempts.at(-1);
    if (last === undefined) throw new Error("no request was made yet");
    return last;
  }

  release(): void {
    this.releases += 1;
  }
}

/** A client that accepts every offer, unless `onOffer` decides otherwise, and records each call. */
class FakeClient {
  readonly log: string[] = [];
  readonly ages: (number | undefined)[] = [];
  readonly warnings: (Facts | undefined)[] = [];
  holds: PayloadSet | null = null;
  isManual = false;
  onOffer: (payloads: PayloadSet) => Promise<OfferResult | null> = async () => null;
  readonly #source: ConfigurationSource;
  readonly #context: SourceContext;
  #end: () => Promise<void> = async () => {};

  constructor(source: ConfigurationSource, clock: FakeClock, u = 0.5) {
    this.#source = source;
    const digest = async (bytes: Uint8Array): Promise<Uint8Array> => bytes;
    const warn = (_: string, facts?: Facts): void => void this.warnings.push(facts);
    const silent = { debug() {}, info() {}, warn, error() {} };
    const current = (): PayloadSet | null => (this.isManual ? null : this.holds);
    this.#context = { dialect, clock, random: () => u, digest, diagnostics: silent, current };
  }

  join(): this {
    const sink: SourceSink = {
      prepare: async () => ({ outcome: "unchanged" }),
      offer: async (offered, age) => {
        this.ages.push(age?.ageMs);
        const result = (await this.onOffer(offered)) ?? this.#take(offered);
        this.log.push(`${result.outcome} ${textOf(offered)}`);
        return result;
      },
      confirmed: () => void this.log.push("confirmed"),
      scheduled: () => {},
      idle: () => void this.log.push("idle"),
      failed: ({ error }, { inMs }) => void this.log.push(`failed ${error.code} ${inMs}`),
    };
    const subscription = this.#source.subscribe(sink, this.#context);
    this.#end = () => subscription.end({ signal: never });
    return this;
  }

  leave(): Promise<void> {
    return this.#end();
  }

  #take(offered: PayloadSet): OfferResult {
    const isSame = this.holds !== null && textOf(this.holds) === textOf(offered);
    if (!isSame) this.holds = offered;
    this.isManual = false;
    return { outcome: isSame ? "unchanged" : "applied" };
  }
}

function textOf(offered: PayloadSet): string {
  return offered.map(({ bytes }) => Buffer.from(bytes).toString()).join();
}

describe("pollingSource", () => {
  let clock: FakeClock;
  let origin: ManualOrigin;
  let source: ConfigurationSource;

  beforeEach(() => {
    clock = createFakeClock();
    origin = new ManualOrigin();
    source = pollingSource(origin);
  });

  const answer = async (result: FetchResult): Promise<void> => {
    origin.last.answer(result);
    await clock.advance(0);
  };

  it("sends the new etag after a response with equal bytes", async () => {
    new FakeClient(source, clock).join();
    await answer({ kind: "payloads", payloads: payloads("same", '"1"') });
    await clock.advance(16_500);
    await answer({ kind: "payloads", payloads: payloads("same", '"2"') });
    await clock.advance(30_000);
    expect(origin.last.current?.[0]?.etag).toBe('"2"');
  });

  it("makes an unconditional request after the caller set a configuration", async () => {
    const client = new FakeClient(source, clock).join();
    await answer(found("a"));
    client.isManual = true;
    await clock.advance(16_500);
    expect(origin.last.current).toBeNull();
    await answer(found("a"));
    expect(client.isManual).toBe(false);
  });

  it("replaces a configuration that was set during the attempt, and does not confirm it", async () => {
    const client = new FakeClient(source, clock).join();
    await answer(found("a"));
    await clock.advance(16_500);
    client.isManual = true;
    client.holds = payloads("by hand");
    await answer({ kind: "unchanged" });
    expect(client.log).toEqual(["applied a", "applied a"]);
  });

  it("offers a first part without its second immediately, then retries as after a failure", async () => {
    const client = new FakeClient(source, clock).join();
    await answer({ kind: "payloads", payloads: payloads("flags"), failure: transient });
    expect(client.log).toEqual(["applied flags", "failed SORTITION_NETWORK 15000"]);
    await clock.advance(15_000);
    expect(origin.last.current).toEqual(payloads("flags"));
    await answer({ kind: "payloads", payloads: payloads("other"), failure: transient });
    expect(client.log.at(-1)).toBe("failed SORTITION_NETWORK 30000");
    expect(client.log).not.toContain("applied other");
  });

  describe("refresh", () => {
    it("stops waiting when its signal is aborted, but does not end the attempt", async () => {
      const client = new FakeClient(source, clock).join();
      const controller = new AbortController();
      const refresh = source.refresh({ signal: controller.signal });
      controller.abort();
      expect(await refresh).toMatchObject({
        outcome: "failed",
        error: { code: "SORTITION_CLOSED" },
      });
      await answer(found("a"));
      expect(client.log).toEqual(["applied a"]);
    });
  });

  describe("Subscription.end", () => {
    it("aborts the attempt and closes the connections in the same turn", async () => {
      const client = new FakeClient(source, clock).join();
      void client.leave();
      expect(origin.last.signal.aborted).toBe(true);
      expect(origin.releases).toBe(1);
      await answer(found("late"));
      expect(client.log).toEqual([]);
      expect(clock.pending).toEqual([]);
    });

    it("ends the run when called during an offer", async () => {
      const client = new FakeClient(source, clock).join();
      client.onOffer = async () => {
        await client.leave();
        return null;
      };
      await answer(found("a"));
      expect(clock.pending).toEqual([]);
    });

    it("does not end a later run when called twice", async () => {
      const first = new FakeClient(source, clock).join();
      await first.leave();
      new FakeClient(source, clock).join();
      await first.leave();
      expect(origin.attempts).toHaveLength(2);
      expect(origin.last.signal.aborted).toBe(false);
      expect(origin.releases).toBe(1);
    });
  });

  describe("shared by several clients", () => {
    it("offers the same payloads to a client that joins during an offer", async () => {
      const first = new FakeClient(source, clock).join();
      const late = new FakeClient(source, clock);
      first.onOffer = async () => {
        late.join();
        return null;
      };
      await answer(found("a"));
      expect(late.log).toEqual(["applied a"]);
    });

    it("offers the confirmed payloads to a client that joins during a conditional attempt", async () => {
      const first = new FakeClient(source, clock);
      first.holds = payloads("initial");
      first.join();
      const late = new FakeClient(source, clock).join();
      await answer({ kind: "unchanged" });
      expect(first.log).toEqual(["confirmed"]);
      expect(late.log).toEqual(["applied initial"]);
    });

    it("does not treat the rejection by a leaving client as a bad body", async () => {
      const staying = new FakeClient(source, clock).join();
      const leaving = new FakeClient(source, clock).join();
      leaving.onOffer = async () => {
        void leaving.leave();
        return { outcome: "rejected", error: new ClosedError() };
      };
      await answer(found("a"));
      expect(staying.log).toEqual(["applied a"]);
      await clock.advance(16_500);
      expect(origin.last.current).toEqual(payloads("a"));
    });

    it("makes offers to a client one after another", async () => {
      new FakeClient(source, clock).join();
      await answer(found("a"));
      const slow = new FakeClient(source, clock);
      let finish: () => void = () => {};
      slow.onOffer = () =>
        new Promise((resolve) => {
          finish = () => resolve(null);
        });
      slow.join();
      await clock.advance(16_500);
      await answer(found("b"));
      expect(slow.log).toEqual([]);
      finish();
      await clock.advance(0);
      finish();
      await clock.advance(0);
      expect(slow.log).toEqual(["applied a", "applied b"]);
    });
  });

  describe("lifecycle §7 fault 41: an origin with four optional parts, two of which fail", () => {
    const failures = ["cohort:c", "cohort:d"].map((part): Failure => {
      const error = new HttpStatusError(500, null);
      return { kind: "transient", error, retryAfterMs: null, part };
    });
    const loaded: PayloadSet = [
      ...payloads("flags"),
      ...["cohort:a", "cohort:b"].map((part) => ({
        ...payloads(part)[0]!,
        part,
        isOptional: true,
      })),
    ];

    it("applies the other parts, warns twice, and requests the two again in the next attempt", async () => {
      const client = new FakeClient(source, clock).join();
      await answer({ kind: "payloads", payloads: loaded, warnings: failures });
      expect(client.log).toEqual(["applied flags,cohort:a,cohort:b"]);
      expect(client.warnings).toEqual(
        ["cohort:c", "cohort:d"].map((part) => ({
          code: "SORTITION_HTTP_STATUS",
          part,
          httpStatus: 500,
          reason: expect.any(String),
        })),
      );
      // A success: the next attempt follows after the normal delay, with the loaded parts.
      expect(clock.pending).toEqual([{ inMs: 16_500, holdsProcess: false }]);
      await clock.advance(16_500);
      expect(origin.last.current?.map(({ part }) => part)).toEqual([
        "flags",
        "cohort:a",
        "cohort:b",
      ]);
    });
  });

  it("offers a rejected body again only if the rejection had another cause", async () => {
    const client = new FakeClient(source, clock).join();
    const rejections = [
      new DecodeError("$", "cannot be loaded", { cause: new Error("no key yet") }),
      new DecodeError("$", "expected JSON"),
    ];
    client.onOffer = async () => {
      const error = rejections.shift();
      return error === undefined ? null : { outcome: "rejected", error };
    };
    for (let look = 1; look <= 3; look++) {
      await answer(found("a"));
      await clock.advance(60_000);
    }
    // The third attempt returned the bytes of the second, which are not a configuration.
    expect(client.log.filter((line) => line.startsWith("rejected"))).toHaveLength(2);
    expect(client.log.filter((line) => line.startsWith("applied"))).toEqual([]);
  });

  it("passes the age of the payloads to a client that joins", async () => {
    new FakeClient(source, clock).join();
    await answer(found("a"));
    await clock.advance(16_500);
    await answer({ kind: "failed", failure: transient });
    await clock.advance(500);
    const late = new FakeClient(source, clock).join();
    await clock.advance(0);
    expect(late.ages).toEqual([17_000]);
  });

  it("passes the age of the previous payloads to a client that joins after a rejected body", async () => {
    const client = new FakeClient(source, clock).join();
    await answer(found("a"));
    await clock.advance(16_500);
    const error = new DecodeError("$", "expected JSON");
    client.onOffer = async () => ({ outcome: "rejected", error });
    await answer(found("b"));
    const late = new FakeClient(source, clock).join();
    await clock.advance(0);
    expect([late.log, late.ages]).toEqual([["applied a"], [16_500]]);
  });

  it.each([
    { options: { pollIntervalMs: 99 }, option: "pollIntervalMs" },
    { options: { pollIntervalMs: 2 ** 31 }, option: "pollIntervalMs" },
    { options: { pollJitterMs: 15_001 }, option: "pollJitterMs" },
    { options: { pollIntervalMs: 1_000, pollJitterMs: 501 }, option: "pollJitterMs" },
    { options: { pollInterval: 1_000 }, option: "pollInterval" },
  ])("refuses $options", ({ options, option }) => {
    expect(() => pollingSource(origin, options)).toThrow(expect.objectContaining({ option }));
  });

  it.each([
    [{ apiKey: "k" }, "origin: write pollingSource(httpOrigin({ apiKey, … }))"],
    [{ subscribe() {}, fetchOnce: 5 }, "origin: is a source: pass it to the client as source"],
    [undefined, "origin: expected an object, such as httpOrigin({ apiKey }), got null"],
  ])("refuses %j as an origin", (given, message) => {
    expect(() => pollingSource(given as never)).toThrow(message);
  });
});

import { describe, expect, it, vi } from "vitest";
import { NetworkError } from "../errors/errors.js";
import type { Payload, PayloadSet } from "../model/configuration.js";
import type { OfferResult, PreparedUpdate, SourceContext, SourceSink } from "./source.js";
import { Subscribers } from "./subscribers.js";

function payloads(text: string): PayloadSet {
  const bytes = new TextEncoder().encode(text);
  const payload: Payload = { part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "network" };
  return [payload];
}

function textOf(held: PayloadSet): string {
  return new TextDecoder().decode(held[0]?.bytes);
}

/** A client that records its calls. It accepts any payload except `bad`. */
function createClient() {
  const calls: string[] = [];
  const warn = vi.fn();
  let held: PayloadSet | null = null;
  const install = (next: PayloadSet, how: string): void => {
    held = next;
    calls.push(`${how} ${textOf(next)}`);
  };
  const refusal = (next: PayloadSet) =>
    textOf(next) === "bad"
      ? ({ outcome: "rejected", error: new NetworkError("bad", null) } as const)
      : null;
  const isHeld = (next: PayloadSet): boolean => held !== null && textOf(held) === textOf(next);
  const sink: SourceSink = {
    async prepare(next): Promise<PreparedUpdate> {
      if (isHeld(next)) return { outcome: "unchanged" };
      return (
        refusal(next) ?? {
          outcome: "changed",
          apply: (age) => install(next, `apply, ${age?.ageMs} ms,`),
        }
      );
    },
    async offer(next, age): Promise<OfferResult> {
      if (isHeld(next)) return { outcome: "unchanged" };
      const refused = refusal(next);
      if (refused === null) install(next, `offer, ${age?.ageMs} ms,`);
      return refused ?? { outcome: "applied" };
    },
    confirmed: (age) => calls.push(`confirmed ${age?.ageMs}`),
    failed: ({ error }, { inMs }) => calls.push(`failed ${error.message} ${inMs}`),
    scheduled: ({ inMs }) => calls.push(`scheduled ${inMs}`),
    idle: () => calls.push("idle"),
  };
  const drop = (): void => {
    held = null;
  };
  // The other ports are not used.
  const context = { current: () => held, diagnostics: { warn } } as unknown as SourceContext;
  return { calls, context, sink, warn, drop };
}

const FAILURE = {
  kind: "transient",
  error: new NetworkError("down", null),
  retryAfterMs: null,
} as const;

describe("Subscribers", () => {
  it("reports which removal is the last", () => {
    const subscribers = new Subscribers();
    const [a, b] = [createClient(), createClient()];
    const removeA = subscribers.add(a.sink, a.context, null);
    const removeB = subscribers.add(b.sink, b.context, null);
    expect([removeA(), removeA(), removeB(), removeB()]).toEqual([false, false, true, false]);
  });

  it("offers a new client the current payloads with their age, or those that are being offered", async () => {
    const subscribers = new Subscribers();
    const [a, b, c] = [createClient(), createClient(), createClient()];
    subscribers.add(a.sink, a.context, { payloads: payloads("1"), ageMs: () => 7 });
    await vi.waitFor(() => expect(a.calls).toEqual(["offer, 7 ms, 1"]));
    subscribers.add(b.sink, b.context, null);
    const offering = subscribers.offer(payloads("2"));
    subscribers.add(c.sink, c.context, { payloads: payloads("1"), ageMs: () => 9 });
    expect(await offering).toEqual({ outcome: "updated" });
    await vi.waitFor(() => expect(c.calls).toEqual(["offer, 0 ms, 2"]));
    expect(b.calls).toEqual(["offer, 0 ms, 2"]);
  });

  it("fails an offer that one client rejects, while the others keep it", async () => {
    const subscribers = new Subscribers();
    const [a, b] = [createClient(), createClient()];
    for (const { context, sink } of [a, b]) subscribers.add(sink, context, null);
    a.sink.offer = async () => ({ outcome: "rejected", error: new NetworkError("bad", null) });
    expect(await subscribers.offer(payloads("1"))).toMatchObject({
      outcome: "failed",
      error: { message: "bad" },
    });
    expect(b.calls).toEqual(["offer, 0 ms, 1"]);
    expect(subscribers.hold(payloads("1"))).toBe(false);
    expect(subscribers.current).toEqual(payloads("1"));
  });

  it("swaps a prepared offer only after all clients have loaded it, and for none if one rejects it", async () => {
    const subscribers = new Subscribers();
    const [a, b, late] = [createClient(), createClient(), createClient()];
    for (const { context, sink } of [a, b]) subscribers.add(sink, context, null);
    expect(await subscribers.prepare(payloads("bad"))).toMatchObject({ outcome: "rejected" });
    const prepared = await subscribers.prepare(payloads("1"));
    subscribers.add(late.sink, late.context, null);
    expect([a.calls, b.calls]).toEqual([[], []]);
    if (prepared.outcome === "rejected") throw prepared.error;
    expect(prepared.apply({ ageMs: 3 })).toBe(true);
    expect([a.calls, b.calls]).toEqual([["apply, 3 ms, 1"], ["apply, 3 ms, 1"]]);
    await vi.waitFor(() => expect(late.calls).toEqual(["offer, 3 ms, 1"]));
    const again = await subscribers.prepare(payloads("1"));
    if (again.outcome === "rejected") throw again.error;
    expect(again.apply({ ageMs: 4 })).toBe(false);
    expect(a.calls.at(-1)).toBe("confirmed 4");
  });

  it("confirms the current payloads, and offers them to a client that has others", async () => {
    const subscribers = new Subscribers();
    const [a, b] = [createClient(), createClient()];
    for (const { context, sink } of [a, b]) subscribers.add(sink, context, null);
    await subscribers.offer(payloads("1"));
    b.drop();
    await subscribers.confirm(payloads("1"), { ageMs: 5 });
    expect([a.calls.at(-1), b.calls.at(-1)]).toEqual(["confirmed 5", "offer, 5 ms, 1"]);
  });

  it("applies offers in order, so that an older one is never applied last", async () => {
    const subscribers = new Subscribers();
    const client = createClient();
    const { offer } = client.sink;
    let isFirst = true;
    client.sink.offer = async (...offered) => {
      const isSlow = isFirst;
      isFirst = false;
      if (isSlow) await new Promise((resolve) => void setTimeout(resolve, 5));
      return offer(...offered);
    };
    subscribers.add(client.sink, client.context, { payloads: payloads("1"), ageMs: () => 0 });
    await subscribers.offer(payloads("2"));
    expect(client.calls).toEqual(["offer, 0 ms, 1", "offer, 0 ms, 2"]);
  });

  it("loses only the call of a sink that throws, and no call of the others", async () => {
    const subscribers = new Subscribers();
    const [a, b] = [createClient(), createClient()];
    const throwing = (): never => {
      throw new Error("broken");
    };
    Object.assign(a.sink, { failed: throwing, prepare: throwing });
    for (const { context, sink } of [a, b]) subscribers.add(sink, context, null);
    subscribers.failed(FAILURE, { inMs: 1 });
    subscribers.scheduled(2);
    subscribers.idle();
    expect(a.calls).toEqual(["scheduled 2", "idle"]);
    expect(b.calls).toEqual(["failed down 1", "scheduled 2", "idle"]);
    expect(a.warn).toHaveBeenCalledWith("source sink failed", {
      code: "SORTITION_DECODE",
      reason: "broken",
    });
    expect(await subscribers.prepare(payloads("1"))).toMatchObject({ outcome: "rejected" });
  });

  it("no longer calls a client that left, not even for its earlier requests", async () => {
    const subscribers = new Subscribers();
    const [a, b] = [createClient(), createClient()];
    const remove = subscribers.add(a.sink, a.context, null);
    subscribers.add(b.sink, b.context, null);
    const prepared = await subscribers.prepare(payloads("1"));
    remove();
    if (prepared.outcome === "rejected") throw prepared.error;
    prepared.apply({ ageMs: 0 });
    subscribers.failed(FAILURE, { inMs: null });
    expect(a.calls).toEqual([]);
    expect(b.calls).toEqual(["apply, 0 ms, 1", "failed down null"]);
  });
});

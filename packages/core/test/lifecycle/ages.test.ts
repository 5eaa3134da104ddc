import { describe, expect, it } from "vitest";
import { bodyOf, failureOf, payloadsOf, STALE_MS, setUp } from "./set-up.js";

const TWO_HOURS_MS = 7_200_000;

describe("the age that a source reports", () => {
  it("lifecycle §7 fault 40: of a first configuration older than staleAfterMs: served as stale, and init waits for its confirmation", async () => {
    const { client, source, clock, events } = setUp();
    let hasEnded = false;
    const wait = client.waitForInitialization().finally(() => {
      hasEnded = true;
    });
    const update = await source.sink.prepare(payloadsOf(bodyOf("a")));
    if (update.outcome !== "changed") throw new Error("it did not load");
    update.apply({ ageMs: TWO_HOURS_MS });
    await clock.advance(0);
    expect(hasEnded).toBe(false);
    expect(client.status).toMatchObject({
      state: "stale",
      ageMs: TWO_HOURS_MS,
      lastSuccessAt: new Date(clock.now() - TWO_HOURS_MS).toISOString(),
    });
    expect(events).toEqual(["configuration-changed", "ready", "stale"]);

    source.sink.confirmed({ ageMs: 0 });
    expect(client.status).toMatchObject({ state: "ready", ageMs: 0 });
    expect(events.slice(3)).toEqual(["fresh"]);
    expect(await wait).toMatchObject({ ready: true, state: "ready", source: "network" });
  });

  it("ends the wait of init for a newer configuration at a failure, at its deadline, and not later", async () => {
    const ends: Readonly<Record<string, (world: ReturnType<typeof setUp>) => unknown>> = {
      failure: ({ source }) => source.sink.failed(failureOf("transient"), { inMs: 1_000 }),
      deadline: ({ clock }) => clock.advance(5_000),
    };
    for (const end of Object.values(ends)) {
      const world = setUp();
      const wait = world.client.waitForInitialization();
      await world.source.sink.offer(payloadsOf(bodyOf("a")), { ageMs: TWO_HOURS_MS });
      end(world);
      expect(await wait).toMatchObject({ ready: true, state: "stale" });
    }
    const { client, clock, source } = setUp();
    await source.offer("a");
    await clock.advance(TWO_HOURS_MS);
    expect(await client.waitForInitialization()).toMatchObject({ ready: true, state: "stale" });
  });

  it("grows from the moment of the offer", async () => {
    const { client, source, clock } = setUp();
    await source.sink.offer(payloadsOf(bodyOf("a")), { ageMs: 5_000 });
    await clock.advance(1_000);
    expect(client.status.ageMs).toBe(6_000);
  });

  it("makes the configuration stale that much earlier", async () => {
    const { client, source, clock, events } = setUp();
    await source.sink.offer(payloadsOf(bodyOf("a")), { ageMs: STALE_MS - 1_000 });
    await clock.advance(999);
    expect(client.status.state).toBe("ready");
    await clock.advance(1);
    expect(client.status.state).toBe("stale");
    expect(events).toEqual(["configuration-changed", "ready", "stale"]);
  });

  it("makes a fresh configuration stale if its successor is old", async () => {
    const { client, source, events } = setUp();
    await source.offer("a");
    await source.sink.offer(payloadsOf(bodyOf("b")), { ageMs: TWO_HOURS_MS });
    expect(client.status.state).toBe("stale");
    expect(events.slice(2)).toEqual(["configuration-changed", "stale"]);
  });

  it("causes stale and fresh once each", async () => {
    const { source, events } = setUp();
    await source.sink.offer(payloadsOf(bodyOf("a")), { ageMs: TWO_HOURS_MS });
    await source.sink.offer(payloadsOf(bodyOf("b")), { ageMs: TWO_HOURS_MS });
    source.sink.confirmed({ ageMs: TWO_HOURS_MS });
    source.sink.confirmed();
    source.sink.confirmed();
    expect(events.filter((event) => event === "stale" || event === "fresh")).toEqual([
      "stale",
      "fresh",
    ]);
  });

  it("is shown in whole milliseconds, rounded down", async () => {
    const { client, source } = setUp();
    const told: unknown[] = [];
    client.on("stale", ({ ageMs }) => told.push(ageMs));
    await source.sink.offer(payloadsOf(bodyOf("a")), { ageMs: TWO_HOURS_MS + 0.75 });
    told.push(client.status.ageMs);
    expect(told).toEqual([TWO_HOURS_MS, TWO_HOURS_MS]);
  });

  it("confirms equal bytes with that age", async () => {
    const { client, source, clock } = setUp();
    await source.offer("a");
    await clock.advance(60_000);
    await source.sink.offer(payloadsOf(bodyOf("a")), { ageMs: 20_000 });
    expect(client.status.ageMs).toBe(20_000);
  });

  it("confirms nothing if the client has a younger confirmation", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    source.sink.failed(failureOf("transient"), { inMs: 1_000 });
    source.sink.confirmed({ ageMs: TWO_HOURS_MS });
    expect(client.status).toMatchObject({ state: "ready", ageMs: 0, consecutiveFailures: 1 });
    source.sink.confirmed({ ageMs: 0 });
    expect(client.status.consecutiveFailures).toBe(0);
  });

  it("is not confirmed by prepare alone", async () => {
    const { client, source, clock } = setUp();
    await source.offer("a");
    await clock.advance(60_000);
    const update = await source.sink.prepare(payloadsOf(bodyOf("a")));
    expect([update.outcome, client.status.ageMs]).toEqual(["unchanged", 60_000]);
  });

  it.each([-5, Number.NaN])("is 0 if it is %s", async (ageMs) => {
    const { client, source } = setUp();
    await source.sink.offer(payloadsOf(bodyOf("a")), { ageMs });
    expect(client.status.ageMs).toBe(0);
  });

  it("of a copy from disk is in the status, and the copy remains unconfirmed", async () => {
    const { client, source, events } = setUp();
    await source.sink.offer(payloadsOf(bodyOf("a"), "disk"), { ageMs: 60_000 });
    expect(client.status).toMatchObject({
      state: "stale",
      source: "disk",
      ageMs: 60_000,
      lastSuccessAt: null,
    });
    source.sink.confirmed({ ageMs: 70_000 });
    expect(client.status).toMatchObject({ state: "ready", ageMs: 70_000 });
    expect(events).toEqual(["configuration-changed", "ready", "stale", "fresh"]);
  });
});

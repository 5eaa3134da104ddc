import { describe, expect, it } from "vitest";
import { Configuration } from "../eppo-client.js";
import { bodyOf, configurationOf, failureOf, payloadsOf, STALE_MS, setUp } from "./set-up.js";

describe("a copy from disk", () => {
  const published = (at: string, key = "disk"): string =>
    bodyOf(key).replace("{", `{"createdAt":"${at}",`);
  const initialOf = (body: string): Configuration =>
    Configuration.from({ flagsConfiguration: body });

  it("is served as stale, and has no age if its source reports none", async () => {
    const { client, source, events } = setUp();
    expect(await source.offerFromDisk(bodyOf("a"))).toEqual({ outcome: "applied" });
    expect(client.status).toMatchObject({
      state: "stale",
      source: "disk",
      ageMs: null,
      lastSuccessAt: null,
    });
    expect(events).toEqual(["configuration-changed", "ready", "stale"]);
  });

  it("is stale even with staleAfterMs: null", async () => {
    const { client, source } = setUp({ staleAfterMs: null });
    await source.offerFromDisk(bodyOf("a"));
    expect(client.status.state).toBe("stale");
  });

  it("is ready once it is confirmed, and its source remains disk", async () => {
    const { client, source, events } = setUp();
    await source.offerFromDisk(bodyOf("a"));
    source.sink.confirmed();
    expect(client.status).toMatchObject({ state: "ready", source: "disk", ageMs: 0 });
    expect(events.slice(3)).toEqual(["fresh"]);
  });

  it("is replaced by an offer, even by one published earlier", async () => {
    const { client, source, events } = setUp();
    await source.offerFromDisk(published("2026-02-01T00:00:00Z"));
    await source.sink.offer(payloadsOf(published("2026-01-01T00:00:00Z", "network")));
    expect(client.status).toMatchObject({ state: "ready", source: "network" });
    expect(events.slice(3)).toEqual(["configuration-changed", "fresh"]);
  });

  it.each([
    { initial: "2026-01-01T00:00:00Z", disk: "2026-01-02T00:00:00Z", served: "disk" },
    { initial: "2026-01-02T00:00:00Z", disk: "2026-01-01T00:00:00Z", served: "initial" },
    { initial: "2026-01-01T00:00:00Z", disk: "2026-01-01T00:00:00Z", served: "initial" },
    { initial: "", disk: "2026-01-01T00:00:00Z", served: "initial" },
    { initial: "2026-01-01T00:00:00Z", disk: "", served: "initial" },
  ])("of $disk, next to an initial configuration of $initial: $served is served", async (row) => {
    const { client, source } = setUp({
      initialConfiguration: initialOf(published(row.initial, "initial")),
    });
    const { outcome } = await source.offerFromDisk(published(row.disk));
    expect([outcome, client.status.source, client.status.state]).toEqual(
      row.served === "disk" ? ["applied", "disk", "stale"] : ["unchanged", "initial", "ready"],
    );
  });

  it("of one part, together with a fresh part, is a normal update", async () => {
    const { client, source } = setUp();
    await source.offerFromDisk(bodyOf("a"));
    const [flags] = payloadsOf(bodyOf("a"), "disk");
    const [bandits] = payloadsOf('{"bandits":{}}');
    await source.sink.offer([flags!, { ...bandits!, part: "bandits" }]);
    expect(client.status).toMatchObject({ state: "ready", source: "network", ageMs: 0 });
  });

  it("does not confirm a configuration with the same bytes", async () => {
    const { client, clock, source } = setUp({ initialConfiguration: initialOf(bodyOf("a")) });
    await clock.advance(STALE_MS);
    await source.offerFromDisk(bodyOf("a"));
    expect(client.status).toMatchObject({ state: "stale", source: "initial", ageMs: STALE_MS });
  });

  it("does not replace a configuration that the caller set, even during its load", async () => {
    const { client, source } = setUp();
    const offered = source.offerFromDisk(bodyOf("a"));
    client.setConfiguration(configurationOf("b"));
    await offered;
    expect(client.status).toMatchObject({ state: "ready", source: "manual" });
  });

  it.each(["disk", "network"] as const)(
    "or an old configuration from %s emits neither stale nor fresh if a listener sets another one",
    async (from) => {
      const { client, source, events } = setUp();
      client.on("ready", () => client.setConfiguration(configurationOf("b")));
      await source.sink.offer(payloadsOf(bodyOf("a"), from), { ageMs: STALE_MS });
      expect(client.status).toMatchObject({ state: "ready", source: "manual" });
      expect(events).toEqual(["configuration-changed", "ready", "configuration-changed"]);
    },
  );

  it("is reported as stale once, even after a pause", async () => {
    const { clock, source, events } = setUp();
    await source.sink.offer(payloadsOf(bodyOf("a"), "disk"), { ageMs: 10 });
    source.sink.paused?.(true);
    source.sink.paused?.(false);
    await clock.advance(STALE_MS);
    expect(events.filter((event) => event === "stale")).toHaveLength(1);
  });

  describe("and a wait for the first configuration", () => {
    it("ends with the first attempt, ready", async () => {
      const { client, source, clock } = setUp();
      const waiting = client.waitForInitialization();
      await source.offerFromDisk(bodyOf("a"));
      await clock.advance(100);
      await source.offer("b");
      expect(await waiting).toMatchObject({ ready: true, source: "network", elapsedMs: 100 });
    });

    it.each(["transient", "unauthorized"] as const)(
      "ends with the first attempt, %s, and is ready anyway",
      async (kind) => {
        const { client, source, clock } = setUp();
        const waiting = client.waitForInitialization();
        await source.offerFromDisk(bodyOf("a"));
        await clock.advance(100);
        source.sink.failed(failureOf(kind), { inMs: 500 });
        expect(await waiting).toMatchObject({
          ready: true,
          state: "stale",
          source: "disk",
          elapsedMs: 100,
        });
        expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "disk" });
      },
    );

    it("ends at its deadline, ready", async () => {
      const { client, source, clock } = setUp();
      const waiting = client.waitForInitialization();
      await source.offerFromDisk(bodyOf("a"));
      await clock.advance(5_000);
      expect(await waiting).toMatchObject({ ready: true, source: "disk", elapsedMs: 5_000 });
    });

    it("ends at once if the source fetches only on request", async () => {
      const { client, source } = setUp();
      const waiting = client.waitForInitialization();
      await source.offerFromDisk(bodyOf("a"));
      source.sink.idle();
      expect(await waiting).toMatchObject({ ready: true, source: "disk", elapsedMs: 0 });
    });
  });
});

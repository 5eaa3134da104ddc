import { describe, expect, it } from "vitest";
import { staticSource } from "../../src/configuration/static-source.js";
import type { Configuration } from "../../src/model/configuration.js";
import { bodyOf, configurationOf, messagesOf, payloadsOf, setUp } from "./set-up.js";

describe("an offer", () => {
  it("reports which flags changed", async () => {
    const { client, source } = setUp();
    const changes: unknown[] = [];
    await source.offer("a", "b");
    client.on("configuration-changed", ({ flagsChanged }) => changes.push(flagsChanged));
    await source.sink.offer(
      payloadsOf(bodyOf("b", "c").replace('"key":"b","enabled":true', '"key":"b","enabled":false')),
    );
    expect(changes).toEqual([{ added: ["c"], changed: ["b"], removed: ["a"] }]);
  });

  it("without flags, after one with flags, is reported", async () => {
    const set = setUp();
    await set.source.offer("a");
    await set.source.offer();
    expect(messagesOf(set, "warn")).toEqual(["configuration became empty"]);
  });

  it("without flags at first is not reported", async () => {
    const set = setUp();
    await set.source.offer();
    expect(messagesOf(set, "warn")).toEqual([]);
  });

  it("swaps nothing before it is applied", async () => {
    const { client, source } = setUp();
    const prepared = await source.sink.prepare(payloadsOf(bodyOf("a")));
    const before = client.isInitialized();
    if (prepared.outcome === "changed") prepared.apply();
    expect([before, client.isInitialized()]).toEqual([false, true]);
  });

  it("after close is rejected", async () => {
    const { client, source } = setUp();
    await client.close();
    expect(await source.offer("a")).toMatchObject({
      outcome: "rejected",
      error: { code: "SORTITION_CLOSED" },
    });
    expect(client.getConfiguration()).toBeNull();
  });

  it("that is loading when the client is closed is rejected", async () => {
    const { client, source } = setUp();
    const offered = source.offer("a");
    void client.close();
    expect(await offered).toMatchObject({ outcome: "rejected" });
    expect(client.getConfiguration()).toBeNull();
  });

  it("that was prepared before close cannot be applied after it", async () => {
    const { client, source } = setUp();
    const prepared = await source.sink.prepare(payloadsOf(bodyOf("a")));
    await client.close();
    if (prepared.outcome === "changed") prepared.apply();
    expect(client.getConfiguration()).toBeNull();
  });

  it("of the former configuration replaces one that the caller set since", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    const offered = source.offer("a");
    client.setConfiguration(configurationOf("manual"));
    expect(await offered).toEqual({ outcome: "applied" });
    expect([...client.getFlagKeys()]).toEqual(["a"]);
  });
});

describe("current() of the source's context", () => {
  it("is null at first", () => {
    expect(setUp().source.context.current()).toBeNull();
  });

  it("is the payloads of the configuration, with their etags", async () => {
    const { source } = setUp();
    await source.offer("a");
    expect(source.context.current()?.[0]?.etag).toBe('"e"');
  });

  it("is the initial configuration", () => {
    const initialConfiguration = configurationOf("a");
    const { source } = setUp({ initialConfiguration });
    expect(source.context.current()).toBe(initialConfiguration.payloads);
  });

  it("is null after the caller set a configuration", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    client.setConfiguration(configurationOf("b"));
    expect(source.context.current()).toBeNull();
  });

  it("is the next offer afterwards", async () => {
    const { client, source } = setUp();
    client.setConfiguration(configurationOf("b"));
    await source.offer("a");
    expect(source.context.current()).not.toBeNull();
  });
});

describe("what a source installs", () => {
  it("is served in the same turn, and is one change", () => {
    const set = setUp();
    set.source.sink.install?.(configurationOf("a"));
    expect([...set.client.getFlagKeys()]).toEqual(["a"]);
    expect(set.events).toEqual(["configuration-changed", "ready"]);
    expect(set.client.status).toMatchObject({ state: "ready", source: "static" });
  });

  it("is refused after close", async () => {
    const { client, source } = setUp();
    await client.close();
    source.sink.install?.(configurationOf("a"));
    expect(client.getConfiguration()).toBeNull();
  });

  it("is a failure of the client if its dialect throws", () => {
    const { client, source } = setUp();
    source.sink.install?.(configurationOf("a"));
    const broken = Object.create(configurationOf("a"), {
      flagKeys: {
        get: () => {
          throw new Error("no keys");
        },
      },
    }) as Configuration;
    source.sink.install?.(broken);
    expect(client.status.lastError?.message).toMatch(/no keys/);
    expect([...client.getFlagKeys()]).toEqual(["a"]);
  });
});

describe("a static source", () => {
  it("offers its configuration once, and is never stale", async () => {
    const { client, clock } = setUp({ source: staticSource(configurationOf("a")) });
    expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "static" });
    await clock.advance(1e9);
    expect(client.status.state).toBe("ready");
  });

  it.each(["{}", null, undefined, {}, 5])("refuses %j, which is not a configuration", (given) => {
    const make = () => staticSource(given as unknown as Configuration);
    expect(make).toThrow(expect.objectContaining({ code: "SORTITION_OPTION" }));
    expect(make).toThrow(/^configuration: expected a Configuration/);
  });

  it("leaves no timer", async () => {
    const { client, clock } = setUp({ source: staticSource(configurationOf("a")) });
    await client.waitForInitialization();
    await clock.advance(5); // lets the inspection of the configuration end
    expect(clock.pending).toEqual([]);
  });
});

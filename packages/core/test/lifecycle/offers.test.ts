import { describe, expect, it } from "vitest";
import { staticSource } from "../../src/configuration/static-source.js";
import { bodyOf, configurationOf, messagesOf, payloadsOf, setUp } from "./set-up.js";

describe("an offer", () => {
  it("that is unusable leaves what is served", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    const offered = await source.sink.offer(payloadsOf("<html>"));
    expect(offered).toMatchObject({ outcome: "rejected", error: { code: "SORTITION_DECODE" } });
    expect([...client.getFlagKeys()]).toEqual(["a"]);
  });

  it("tells which flags changed", async () => {
    const { client, source } = setUp();
    const changes: unknown[] = [];
    await source.offer("a", "b");
    client.on("configuration-changed", ({ flagsChanged }) => changes.push(flagsChanged));
    await source.sink.offer(
      payloadsOf(bodyOf("b", "c").replace('"key":"b","enabled":true', '"key":"b","enabled":false')),
    );
    expect(changes).toEqual([{ added: ["c"], changed: ["b"], removed: ["a"] }]);
  });

  it("of no flags after some is reported", async () => {
    const set = setUp();
    await set.source.offer("a");
    await set.source.offer();
    expect(messagesOf(set, "warn")).toEqual(["configuration became empty"]);
  });

  it("of no flags at first is not", async () => {
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

  it("after close is refused", async () => {
    const { client, source } = setUp();
    await client.close();
    expect(await source.offer("a")).toMatchObject({
      outcome: "rejected",
      error: { code: "SORTITION_CLOSED" },
    });
    expect(client.getConfiguration()).toBeNull();
  });

  it("that is loading when the client is closed is refused", async () => {
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

  it("of what was served a moment ago replaces what was set by hand since", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    const offered = source.offer("a");
    client.setConfiguration(configurationOf("manual"));
    expect(await offered).toEqual({ outcome: "applied" });
    expect([...client.getFlagKeys()]).toEqual(["a"]);
  });
});

describe("what a source is told", () => {
  it("is nothing at first", () => {
    expect(setUp().source.context.current()).toBeNull();
  });

  it("is what is served, with its etags", async () => {
    const { source } = setUp();
    await source.offer("a");
    expect(source.context.current()?.[0]?.etag).toBe('"e"');
  });

  it("is the initial configuration", () => {
    const initialConfiguration = configurationOf("a");
    const { source } = setUp({ initialConfiguration });
    expect(source.context.current()).toBe(initialConfiguration.payloads);
  });

  it("is nothing after something was set by hand", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    client.setConfiguration(configurationOf("b"));
    expect(source.context.current()).toBeNull();
  });

  it("is the next thing it brings", async () => {
    const { client, source } = setUp();
    client.setConfiguration(configurationOf("b"));
    await source.offer("a");
    expect(source.context.current()).not.toBeNull();
  });
});

describe("a static source", () => {
  it("offers its configuration once, and is never stale", async () => {
    const { client, clock } = setUp({ source: staticSource(configurationOf("a")) });
    expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "static" });
    await clock.advance(1e9);
    expect(client.status.state).toBe("ready");
  });

  it("leaves no timer", async () => {
    const { client, clock } = setUp({ source: staticSource(configurationOf("a")) });
    await client.waitForInitialization();
    await clock.advance(5); // the configuration is looked through
    expect(clock.pending).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { SILENT_DIAGNOSTICS } from "../../src/runtime/diagnostics.js";
import { bodyOf, configurationOf, messagesOf, payloadsOf, setUp } from "./set-up.js";

describe("the inspection of a configuration in the background", () => {
  const damaged = bodyOf("a", "b").replace('"b":{', '"b":{oops ');

  it("finds every broken flag, and reports them once at its end", async () => {
    const setup = setUp();
    const { client, clock, source, reports } = setup;
    await source.sink.offer(payloadsOf(damaged));
    expect(client.status.issues).toEqual({ found: 0, complete: false });
    await clock.advance(5);
    expect(client.status.issues).toEqual({ found: 1, complete: true });
    const [report] = reports.filter(({ message }) => message === "configuration has issues");
    expect(report).toMatchObject({ level: "warn", facts: { found: 1, path: '$.flags["b"]' } });
  });

  it("reports nothing if there are no issues", async () => {
    const setup = setUp();
    await setup.source.offer("a");
    await setup.clock.advance(5);
    expect(messagesOf(setup, "warn")).toEqual([]);
  });

  it("does not start for diagnostics that discard everything", async () => {
    const { client, clock, source } = setUp({ diagnostics: SILENT_DIAGNOSTICS });
    await source.sink.offer(payloadsOf(damaged));
    await clock.advance(5);
    expect(client.status.issues).toEqual({ found: 0, complete: false });
  });

  it("does not keep the process alive, and ends with the client", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    await clock.advance(0);
    expect(clock.pending[0]).toEqual({ inMs: 4, holdsProcess: false });
    await client.close();
    await clock.advance(5);
    expect(client.status.issues.complete).toBe(false);
  });

  it("ends for a configuration that was replaced", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    const former = client.getConfiguration()!;
    await source.offer("b");
    await clock.advance(5);
    expect([former.issueCount.complete, client.status.issues.complete]).toEqual([false, true]);
  });

  it("ends for a configuration that a listener to its swap replaces", async () => {
    const { client, clock, source } = setUp();
    const better = configurationOf("b");
    client.on("configuration-changed", () => {
      if (client.getConfiguration() !== better) client.setConfiguration(better);
    });
    await source.offer("a");
    await clock.advance(5);
    expect(client.status).toMatchObject({ source: "manual", issues: { complete: true } });
  });

  it.each(["network", "disk"] as const)(
    "does not start if a listener closes the client when the configuration is received from the %s",
    async (from) => {
      const setup = setUp();
      const { client, clock, source } = setup;
      client.on("configuration-changed", () => void client.close());
      await source.sink.offer(payloadsOf(damaged, from));
      await clock.advance(5);
      expect(messagesOf(setup, "warn")).not.toContain("configuration has issues");
    },
  );
});

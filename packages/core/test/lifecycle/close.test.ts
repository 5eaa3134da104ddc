import { describe, expect, it } from "vitest";
import { configurationOf, failureOf, setUp } from "./set-up.js";

describe("close", () => {
  it("lifecycle §7 fault 31: returns the same promise each time, and emits `closed` once", async () => {
    const { client, events } = setUp();
    expect(client.close()).toBe(client.close({ timeoutMs: 1 }));
    await client.close();
    expect(events).toEqual(["closed"]);
  });

  it("ends the subscription in the same turn", () => {
    const { client, source } = setUp();
    void client.close();
    expect(source.calls).toEqual(["subscribe", "end"]);
  });

  it("leaves no timer", async () => {
    const { client, clock, source } = setUp();
    await source.offer("a");
    void client.waitForInitialization();
    await client.close();
    expect(clock.pending).toEqual([]);
  });

  it("clears the timer of the first wait", async () => {
    const { client, clock } = setUp();
    await client.close();
    expect(clock.pending).toEqual([]);
  });

  it("returns an empty result if nothing was logged", async () => {
    const { client } = setUp();
    expect(await client.close()).toEqual({
      underWay: 0,
      delivered: 0,
      failed: 0,
      dropped: 0,
      pending: 0,
      timedOut: false,
      totals: { accepted: 0, delivered: 0, failed: 0, dropped: 0, pending: 0 },
      loggers: [],
    });
  });

  it("does not wait for a source longer than its deadline", async () => {
    const { client, clock, source } = setUp();
    source.ending = () => new Promise(() => {});
    const closing = client.close({ timeoutMs: 100 });
    await clock.advance(100);
    await expect(closing).resolves.toMatchObject({ pending: 0 });
  });

  it.each([
    { because: "rejects", ending: () => Promise.reject(new Error("gone")) },
    {
      because: "throws",
      ending: () => {
        throw new Error("gone");
      },
    },
  ])(
    "does not reject if the end of the subscription $because while events are delivered",
    async ({ ending }) => {
      const { client, source } = setUp({
        assignmentLogger: {
          logAssignment() {},
          flush: () => new Promise((resolve) => setImmediate(resolve)),
        },
      });
      source.ending = ending;
      await expect(client.close()).resolves.toMatchObject({ timedOut: false });
    },
  );

  it.each(["setConfiguration", "setAssignmentLogger"] as const)(
    "makes %s do nothing",
    async (call) => {
      const set = setUp();
      await set.client.close();
      if (call === "setConfiguration") set.client.setConfiguration(configurationOf("a"));
      else set.client.setAssignmentLogger({ logAssignment() {} });
      expect(set.client.getConfiguration()).toBeNull();
      expect(set.reports.at(-1)).toMatchObject({ message: "call after close", facts: { call } });
    },
  );

  it("ignores further calls of the source", async () => {
    const { client, source, events } = setUp();
    await client.close();
    source.sink.failed(failureOf("unauthorized"), { inMs: 1 });
    source.sink.confirmed();
    expect([client.status.lastError, ...events]).toEqual([null, "closed"]);
  });

  it("called by a listener ends the report of the swap", async () => {
    const { client, source, events } = setUp();
    client.on("configuration-changed", () => void client.close());
    await source.offer("a");
    expect(events).not.toContain("ready");
  });

  it("lifecycle §7 fault 31: is called when the signal is aborted", async () => {
    const controller = new AbortController();
    const { client, events } = setUp({ signal: controller.signal });
    controller.abort();
    expect(client.status.state).toBe("closed");
    await client.close();
    expect(events).toEqual(["closed"]);
  });

  it("is called at once if the signal is already aborted", () => {
    expect(setUp({ signal: AbortSignal.abort() }).client.status.state).toBe("closed");
  });

  it("leaves no listener on the signal", async () => {
    let listeners = 0;
    const signal = {
      aborted: false,
      addEventListener: () => {
        listeners += 1;
      },
      removeEventListener: () => {
        listeners -= 1;
      },
    };
    const { client } = setUp({ signal });
    const during = listeners;
    await client.close();
    expect([during, listeners]).toEqual([1, 0]);
  });

  it("lifecycle §7 fault 31: is called at the end of `await using`", async () => {
    const { client } = setUp();
    {
      await using _ = client;
    }
    expect(client.status.state).toBe("closed");
  });
});

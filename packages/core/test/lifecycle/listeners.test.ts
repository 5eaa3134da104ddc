import { describe, expect, it } from "vitest";
import { failureOf, setUp } from "./set-up.js";

describe("a listener", () => {
  it.each([
    {
      listener: () => {
        throw new Error("no");
      },
      because: "it throws",
    },
    { listener: () => Promise.reject(new Error("no")), because: "it rejects" },
  ])("does not affect the others, although $because", async ({ listener }) => {
    const { client, source, reports } = setUp();
    const seen: string[] = [];
    client.on("ready", () => seen.push("before"));
    client.on("ready", listener);
    client.on("ready", () => seen.push("after"));
    await source.offer("a");
    await Promise.resolve();
    expect(seen).toEqual(["before", "after"]);
    expect(reports).toContainEqual({
      level: "error",
      message: "listener failed",
      facts: { code: "SORTITION_LISTENER", event: "ready", error: expect.any(Error) },
    });
  });

  it("is not called once it is removed", async () => {
    const { client, source } = setUp();
    let calls = 0;
    const remove = client.on("configuration-changed", () => {
      calls += 1;
    });
    await source.offer("a");
    remove();
    await source.offer("b");
    expect(calls).toBe(1);
  });

  it("that was added twice is called twice", async () => {
    const { client, source } = setUp();
    let calls = 0;
    const listener = (): void => {
      calls += 1;
    };
    client.on("ready", listener);
    client.on("ready", listener);
    await source.offer("a");
    expect(calls).toBe(2);
  });

  it("that is added by a listener is called from the next event on", async () => {
    const { client, source } = setUp();
    let calls = 0;
    let isFirst = true;
    client.on("configuration-changed", () => {
      if (isFirst) {
        client.on("configuration-changed", () => {
          calls += 1;
        });
      }
      isFirst = false;
    });
    await source.offer("a");
    const during = calls;
    await source.offer("b");
    expect([during, calls]).toEqual([0, 1]);
  });

  it("sees the new configuration", async () => {
    const { client, source } = setUp();
    let keys: string[] = [];
    client.on("configuration-changed", () => {
      keys = [...client.getFlagKeys()];
    });
    await source.offer("a");
    expect(keys).toEqual(["a"]);
  });

  it("for errors is optional", () => {
    const { source } = setUp();
    expect(() => source.sink.failed(failureOf("unauthorized"), { inMs: 1 })).not.toThrow();
  });

  it("that is added late gets no past events", async () => {
    const { client, source } = setUp();
    await source.offer("a");
    let calls = 0;
    client.on("ready", () => {
      calls += 1;
    });
    await source.offer("b");
    expect(calls).toBe(0);
  });
});

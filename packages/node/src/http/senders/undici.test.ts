import { Agent, buildConnector, Dispatcher } from "undici";
import { afterEach, describe, expect, it, vi } from "vitest";
import { loadUndici } from "./undici.js";

describe("loadUndici", () => {
  afterEach(() => {
    vi.doUnmock("undici/lib/dispatcher/agent.js");
    vi.resetModules();
  });

  it("finds each module in the installed undici", async () => {
    vi.doMock("undici", () => {
      throw new Error("all of undici was loaded");
    });
    vi.resetModules();
    const parts = await (await import("./undici.js")).loadUndici();
    vi.doUnmock("undici");
    expect(parts).toEqual({ Agent, buildConnector, request: Dispatcher.prototype.request });
  });

  it.each([
    { what: "is missing", module: () => Promise.reject(new Error("not found")) },
    { what: "exports something else", module: async () => ({ default: {} }) },
  ])("loads all of undici when a module $what", async ({ module }) => {
    vi.doMock("undici/lib/dispatcher/agent.js", module);
    vi.resetModules();
    const parts = await (await import("./undici.js")).loadUndici();
    expect(parts).toMatchObject({ Agent, buildConnector, request: Dispatcher.prototype.request });
    expect(Object.keys(parts)).toContain("ProxyAgent");
  });

  it("returns parts that work without the rest of undici", async () => {
    const { Agent: OwnAgent, request } = await loadUndici();
    const agent = new OwnAgent();
    const options = { origin: "http://127.0.0.1:1", path: "/", method: "GET" } as const;
    await expect(request.call(agent, options)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await agent.close();
  });
});

import { describe, expect, it, vi } from "vitest";
import { createClient } from "./create-client.js";
import { shared } from "./shared.js";

const create = vi.fn(() => createClient({ apiKey: "key", pollIntervalMs: null }));

describe("shared", () => {
  it("returns one client for each name across reloads of a module", async () => {
    const client = shared("flags", create);
    vi.resetModules();
    const reloaded = await import("./shared.js");
    expect(reloaded.shared("flags", create)).toBe(client);
    expect(create).toHaveBeenCalledTimes(1);
    const other = shared("other flags", create);
    expect(other).not.toBe(client);
    await client.close();
    const next = shared("flags", create);
    expect(next).not.toBe(client);
    await Promise.all([next.close(), other.close()]);
  });

  it("names what is wrong with its arguments", () => {
    expect(() => shared("", create)).toThrow('name: expected a name such as "flags"');
    expect(() => shared("flags", undefined as never)).toThrow("create: expected a function");
  });
});

import { describe, expect, it } from "vitest";
import * as dialect from "../src/dialect.js";
import * as dialectInternal from "../src/dialect-internal.js";
import * as eppo from "../src/eppo.js";
import * as core from "../src/index.js";
import * as internal from "../src/internal.js";
import * as kit from "../src/kit.js";
import * as precomputed from "../src/precomputed.js";

describe("the entry `.`", () => {
  it.each([undefined, null])("refuses to create a client of the dialect %s", (given) => {
    expect(() => core.createClient({ dialect: given } as never)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option: "dialect" }),
    );
  });

  it("refuses to create a configuration without a dialect", () => {
    const input = { payloads: { flags: "{}" } } as never;
    expect(() => core.Configuration.from(input)).toThrow(core.OptionError);
  });

  it("rejects instead of throwing when it loads a configuration without a dialect", async () => {
    const input = { payloads: { flags: "{}" } } as never;
    await expect(core.Configuration.load(input)).rejects.toThrow(core.OptionError);
  });

  it("creates a client with the given dialect", () => {
    const initialConfiguration = core.Configuration.from({
      dialect: eppo.eppo(),
      payloads: { flags: '{"flags":{}}' },
    });
    const created = core.createClient({ dialect: eppo.eppo(), initialConfiguration });
    expect(created.getStringAssignment("f", "s", {}, "default")).toBe("default");
    expect(created.status).toMatchObject({ state: "ready", dialect: "eppo" });
  });
});

describe.each([
  { entry: ".", names: core },
  { entry: "dialect", names: dialect },
  { entry: "dialect-internal", names: dialectInternal },
  { entry: "internal", names: internal },
  { entry: "kit", names: kit },
])("the entry `$entry`", ({ names }) => {
  it("exports nothing of a vendor", () => {
    expect(Object.keys(names).filter((name) => name in eppo || /eppo|ufc/i.test(name))).toEqual([]);
  });
});

describe("createPrecomputedClient", () => {
  it.each([
    { options: { apiKey: "x" }, option: "apiKey" },
    { options: { assignmentLogger: {} }, option: "assignmentLogger" },
    { options: { deduplication: 5 }, option: "deduplication" },
    { options: { precomputedConfiguration: 5 }, option: "precomputedConfiguration" },
  ])("refuses $option by name", ({ options, option }) => {
    expect(() => precomputed.createPrecomputedClient(options as never)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option }),
    );
  });
});

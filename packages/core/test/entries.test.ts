import { describe, expect, it } from "vitest";
import * as client from "../src/client.js";
import * as dialect from "../src/dialect.js";
import * as eppo from "../src/eppo.js";
import * as core from "../src/index.js";
import * as precomputed from "../src/precomputed.js";

describe("the entry `client`", () => {
  it.each([undefined, null])("refuses to create a client of the dialect %s", (given) => {
    expect(() => client.createClient({ dialect: given } as never)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option: "dialect" }),
    );
  });

  it("refuses to make a configuration without a dialect", () => {
    const input = { payloads: { flags: "{}" } } as never;
    expect(() => client.Configuration.from(input)).toThrow(client.OptionError);
  });

  it("rejects, and does not throw, when it loads one without a dialect", async () => {
    const input = { payloads: { flags: "{}" } } as never;
    await expect(client.Configuration.load(input)).rejects.toThrow(client.OptionError);
  });

  it("creates a client of the dialect that it is given", () => {
    const initialConfiguration = client.Configuration.from({
      dialect: eppo.eppo(),
      payloads: { flags: '{"flags":{}}' },
    });
    const created = client.createClient({ dialect: eppo.eppo(), initialConfiguration });
    expect(created.getStringAssignment("f", "s", {}, "default")).toBe("default");
    expect(created.status).toMatchObject({ state: "ready", dialect: "eppo" });
  });

  it("has what `.` has, but for Eppo and what defaults to it", () => {
    const own = Object.keys(client);
    const missing = Object.keys(core).filter((name) => !own.includes(name));
    expect(missing.sort()).toEqual([
      "ContextAttributes",
      "createPrecomputedClient",
      "deobfuscateFlag",
      "eppo",
      "eppoAddresses",
      "withEppoNodeEventNames",
    ]);
    expect(own.filter((name) => !(name in core))).toEqual([]);
  });
});

describe("the entry `dialect`", () => {
  it("has nothing of a vendor", () => {
    const names = Object.keys(dialect).filter((name) => name in eppo || /eppo|ufc/i.test(name));
    expect(names).toEqual([]);
  });
});

describe("the entry `precomputed`", () => {
  it("has the same client as `.`", () => {
    expect(precomputed.createPrecomputedClient).toBe(core.createPrecomputedClient);
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

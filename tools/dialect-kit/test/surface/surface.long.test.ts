import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkSurface } from "../../src/surface/describe.js";
import { readSurface } from "../../src/surface/read-surface.js";

const DECLARATIONS = fileURLToPath(new URL("vendor/index.d.ts", import.meta.url));

describe("readSurface", () => {
  it("reads exports, public members and options", () => {
    const names = readSurface({
      declarations: DECLARATIONS,
      isVendorFile: (path) => path.endsWith("/vendor/index.d.ts"),
    });
    expect(names).toEqual([
      "Client",
      "Client.get",
      "Entry.key",
      "Options",
      "Options.apiKey",
      "Options.cache",
      "Options.cache.max",
      "Renamed",
      "start",
      "start(settings).retries",
      "typeof Client.version",
    ]);
  });
});

describe("checkSurface", () => {
  const lists = {
    works: ["start"],
    differs: { "Client.get": "returns a list" },
    notThere: { "Options.*": "there are none" },
    inner: ["Client"],
  };
  const names = ["Client", "Client.get", "Options.apiKey", "start"];

  it("accepts lists that cover every name", () => {
    const findings = checkSurface(names, lists);
    expect(findings).toEqual({ unsorted: [], unknown: [], repeated: [] });
  });

  it("reports a name in no list", () => {
    const { unsorted } = checkSurface([...names, "Client.close"], lists);
    expect(unsorted).toEqual(["Client.close"]);
  });

  it("reports a listed name that no longer exists, and a wildcard without members", () => {
    const { unknown } = checkSurface(["Client", "start"], lists);
    expect(unknown).toEqual(["Client.get", "Options.*"]);
  });

  it("reports a name in two lists", () => {
    const { repeated } = checkSurface(names, { ...lists, inner: ["Client", "start"] });
    expect(repeated).toEqual(["start"]);
  });
});

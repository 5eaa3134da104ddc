import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describeSurface, Surface } from "@sortition/dialect-kit/surface";
import { describe, expect, it } from "vitest";
import * as sortition from "../../src/index.js";
import { AMPLITUDE_SURFACE } from "./surface.js";

const PACKAGE = "@amplitude/experiment-node-server";
const require = createRequire(import.meta.url);

const surface = new Surface({
  vendor: {
    declarations: require.resolve(PACKAGE).replace(/\.js$/, ".d.ts"),
    isVendorFile: (path) => path.includes("/experiment-node-server/"),
  },
  ours: fileURLToPath(new URL("../../src/index.ts", import.meta.url)),
});

const program = fileURLToPath(new URL("program.ts", import.meta.url));
describeSurface(PACKAGE, surface, AMPLITUDE_SURFACE, program);

describe("the exports of this package", () => {
  it("contain the vendor's, except for those that the lists leave out", () => {
    const vendor = Object.keys(require(PACKAGE) as object);
    const missing = vendor.filter((name) => !Object.hasOwn(sortition, name));
    expect(missing).toEqual(["FlagConfigFetcher", "FlagConfigPoller"]);
  });

  it("have the vendor's names and numbers of levels", () => {
    const { LogLevel } = require(PACKAGE) as { LogLevel: object };
    expect(sortition.LogLevel).toEqual(LogLevel);
  });
});

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describeSurface, Surface } from "@sortition/dialect-kit/surface";
import { describe, expect, it } from "vitest";
import { CONFIG_NAMES } from "../../src/client/client-config.js";
import * as ours from "../../src/index.js";
import { COMMON_EXPORTS, EPPO_SURFACE } from "./surface.js";

const require = createRequire(import.meta.url);
const sdk = require.resolve("@eppo/node-server-sdk");
const surface = new Surface({
  vendor: {
    declarations: sdk.replace(/\.js$/, ".d.ts"),
    isVendorFile: (path) => path.includes("/@eppo/"),
  },
  ours: fileURLToPath(new URL("../../src/index.ts", import.meta.url)),
});

const program = fileURLToPath(new URL("program.ts", import.meta.url));
describeSurface("@eppo/node-server-sdk", surface, EPPO_SURFACE, program);

describe("the surface of this package", () => {
  it("exports everything that the vendor's package exports at run time", () => {
    const names = Object.keys(require("@eppo/node-server-sdk") as object);
    expect(names.filter((name) => !Object.hasOwn(ours, name))).toEqual([]);
  });

  it("includes every option of the vendor's", () => {
    const options = [...EPPO_SURFACE.works, ...Object.keys(EPPO_SURFACE.differs)]
      .filter((name) => name.startsWith("IClientConfig."))
      .map((name) => name.split(".")[1]);
    expect(options.filter((name) => !(CONFIG_NAMES as readonly unknown[]).includes(name))).toEqual(
      [],
    );
  });

  it("covers the exports of the vendor's common package", () => {
    const { notThere, works } = COMMON_EXPORTS;
    const common = createRequire(sdk)("@eppo/js-client-sdk-common") as object;
    expect([...works, ...Object.keys(notThere)].sort()).toEqual(Object.keys(common).sort());
    expect(works.filter((name) => !Object.hasOwn(ours, name))).toEqual([]);
  });
});

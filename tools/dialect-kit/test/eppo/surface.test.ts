import { createRequire } from "node:module";
import { describeSurface } from "../../src/surface/describe.js";
import { Surface } from "../../src/surface/surface.js";
import { EPPO_SURFACE } from "./surface.js";

const sdk = createRequire(import.meta.url).resolve("@eppo/node-server-sdk");

const surface = new Surface({
  vendor: {
    declarations: sdk.replace(/\.js$/, ".d.ts"),
    isVendorFile: (path) => path.includes("/@eppo/"),
  },
});

describeSurface("@eppo/node-server-sdk", surface, EPPO_SURFACE);

import { createRequire } from "node:module";
import { describeSurface, Surface } from "@sortition/dialect-kit/surface";
import { EPPO_SURFACE } from "./surface.js";

const sdk = createRequire(import.meta.url).resolve("@eppo/node-server-sdk");

const surface = new Surface({
  vendor: {
    declarations: sdk.replace(/\.js$/, ".d.ts"),
    isVendorFile: (path) => path.includes("/@eppo/"),
  },
});

describeSurface("@eppo/node-server-sdk", surface, EPPO_SURFACE);

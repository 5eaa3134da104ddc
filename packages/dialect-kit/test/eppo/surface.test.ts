import { createRequire } from "node:module";
import { describeSurface } from "../../src/surface/describe.js";
import { EPPO_SURFACE } from "./surface.js";

const sdk = createRequire(import.meta.url).resolve("@eppo/node-server-sdk");

describeSurface("@eppo/node-server-sdk", {
  declarations: sdk.replace(/\.js$/, ".d.ts"),
  isVendorFile: (path) => path.includes("/@eppo/"),
  lists: EPPO_SURFACE,
});

import packageJson from "../../package.json" with { type: "json" };
import type { Release } from "./release.js";

/** This package, and its version as `package.json` has it. The build copies it into the bundle. */
export const RELEASE: Release = { name: packageJson.name, version: packageJson.version };

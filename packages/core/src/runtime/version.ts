import packageJson from "../../package.json" with { type: "json" };
import type { Release } from "./release.js";

/** This package and its version in `package.json`, which the build copies into the bundle. */
export const RELEASE: Release = { name: packageJson.name, version: packageJson.version };

import type { Release } from "@sortition/core/internal";
import packageJson from "../package.json" with { type: "json" };

/** Name and version of this package, for clients to compare with their own. The build copies them into the bundle. */
export const RELEASE: Release = { name: packageJson.name, version: packageJson.version };

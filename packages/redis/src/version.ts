import packageJson from "../package.json" with { type: "json" };

/**
 * Identifies this package, so that clients can compare its version with theirs. The build copies its `package.json` into the bundle.
 */
export const RELEASE: { readonly name: string; readonly version: string } = {
  name: packageJson.name,
  version: packageJson.version,
};

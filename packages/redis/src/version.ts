import packageJson from "../package.json" with { type: "json" };

/** Version from this package's `package.json`, which the build copies into the bundle. */
export const VERSION: string = packageJson.version;

/** Identifies this package, so that clients can compare its version with theirs. */
export const RELEASE: { readonly name: string; readonly version: string } = {
  name: packageJson.name,
  version: packageJson.version,
};

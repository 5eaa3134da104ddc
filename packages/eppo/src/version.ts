import packageJson from "../package.json" with { type: "json" };

/** The package version from `package.json`. The build copies it into the bundle. */
export const VERSION: string = packageJson.version;

/** Name and version of this package, for clients to compare with their own. */
export const RELEASE: { readonly name: string; readonly version: string } = {
  name: packageJson.name,
  version: packageJson.version,
};

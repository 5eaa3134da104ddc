import packageJson from "../package.json" with { type: "json" };

/** Name and version of this package. Clients compare the version with their own. */
export const RELEASE: { readonly name: string; readonly version: string } = {
  name: packageJson.name,
  version: packageJson.version,
};

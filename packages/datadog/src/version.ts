import packageJson from "../package.json" with { type: "json" };

/** Name and version of this package, which clients compare with their own. The build inlines both into the bundle. */
export const RELEASE: { readonly name: string; readonly version: string } = {
  name: packageJson.name,
  version: packageJson.version,
};

import packageJson from "../package.json" with { type: "json" };

/** This package, for clients to compare with theirs. The build copies the version into the bundle. */
export const RELEASE: { readonly name: string; readonly version: string } = {
  name: packageJson.name,
  version: packageJson.version,
};

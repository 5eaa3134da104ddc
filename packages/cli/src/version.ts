import packageJson from "../package.json" with { type: "json" };

/** Version of this package from its `package.json`. The build copies it into the bundle. */
export const VERSION: string = packageJson.version;

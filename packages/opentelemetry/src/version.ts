import packageJson from "../package.json" with { type: "json" };

/** Version of this package, as its `package.json` has it. The build copies it into the bundle. */
export const VERSION: string = packageJson.version;

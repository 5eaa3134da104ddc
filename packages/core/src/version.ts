import packageJson from "../package.json" with { type: "json" };

/** Name of this package, as events carry it. */
export const SDK_NAME: string = packageJson.name;
/** Version of this package, as its `package.json` has it. The build copies it into the bundle. */
export const SDK_VERSION: string = packageJson.version;

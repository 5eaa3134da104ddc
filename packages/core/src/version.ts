/** Name of this package, as events carry it. */
export const SDK_NAME = "@sortition/core";
/** Version of this package. A test compares it with the manifest. */
export const SDK_VERSION = "0.0.0";

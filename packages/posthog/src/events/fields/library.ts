/** Name of the library that PostHog's server knows. */
export const LIBRARY = "posthog-node";
/** Version of the library whose surface and events this package has: the server may tell versions apart. */
export const LIBRARY_VERSION = "5.70.0";

/** Library name that PostHog's server knows. */
export const LIBRARY = "posthog-node";
/**
 * Version of the vendor's library whose surface and events this package implements. The server may treat versions
 * differently.
 */
export const LIBRARY_VERSION = "5.70.0";

/** What the vendor's server knows the library as. */
export const LIBRARY = "posthog-node";

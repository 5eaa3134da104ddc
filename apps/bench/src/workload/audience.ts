/** Variations of a targeted flag, and the countries and least version of subjects that get one. */
export const RANKINGS: readonly string[] = ["control", "popular-first", "recent-first"];
export const COUNTRIES: readonly string[] = ["DE", "FR", "IT", "PL", "ES"];
export const LEAST_VERSION = "2.4.0";

/** Attributes of a subject that some flags of a shop target: matches every rule except some least versions. */
export const SHOPPER: Readonly<Record<string, string>> = { country: "DE", appVersion: "5.0.0" };

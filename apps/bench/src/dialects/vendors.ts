import { amplitude } from "./amplitude/vendor.js";
import { eppo } from "./eppo/vendor.js";
import { growthbook } from "./growthbook/vendor.js";
import { posthog } from "./posthog/vendor.js";
import type { Vendor } from "./vendor.js";

/** A new dialect is one more element. */
export const VENDORS: readonly Vendor[] = [eppo, growthbook, amplitude, posthog];

import { amplitude } from "./amplitude/vendor.js";
import { eppo } from "./eppo/vendor.js";
import { growthbook } from "./growthbook/vendor.js";
import { posthog } from "./posthog/vendor.js";
import type { Vendor } from "./vendor.js";

/** All vendors. A new dialect is added here. */
export const VENDORS: readonly Vendor[] = [eppo, growthbook, amplitude, posthog];

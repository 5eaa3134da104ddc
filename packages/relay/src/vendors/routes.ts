import { AMPLITUDE_ROUTES } from "./amplitude.js";
import { EPPO_ROUTES } from "./eppo.js";
import { GROWTHBOOK_ROUTES } from "./growthbook.js";
import { POSTHOG_ROUTES } from "./posthog.js";
import type { Route } from "./route.js";

export const ROUTES: readonly Route[] = [
  ...EPPO_ROUTES,
  ...GROWTHBOOK_ROUTES,
  ...AMPLITUDE_ROUTES,
  ...POSTHOG_ROUTES,
];

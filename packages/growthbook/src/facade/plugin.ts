import type { GrowthBookClient } from "./client.js";
import type { GrowthBook } from "./growthbook.js";
import type { UserScopedGrowthBook } from "./user-scoped.js";

/** Called with each new instance. */
export type Plugin = (gb: GrowthBook | UserScopedGrowthBook | GrowthBookClient) => void;

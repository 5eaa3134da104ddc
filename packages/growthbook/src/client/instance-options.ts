import type { GrowthBookClient } from "./client.js";
import type { GrowthBook } from "./growthbook.js";
import type { ClientOptionsWithoutPlugins, OptionsWithoutPlugins } from "./options.js";
import type { UserScopedGrowthBook } from "./user-scoped.js";

/** Called with each new instance. */
export type Plugin = (gb: GrowthBook | UserScopedGrowthBook | GrowthBookClient) => void;

/** Options of a {@link GrowthBook}. All are optional. */
export interface Options extends OptionsWithoutPlugins {
  plugins?: Plugin[] | undefined;
}

/** Options of a {@link GrowthBookClient}. All are optional. */
export interface ClientOptions extends ClientOptionsWithoutPlugins {
  plugins?: Plugin[] | undefined;
}

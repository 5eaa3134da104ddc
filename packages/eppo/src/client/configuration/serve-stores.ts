import type { EppoClientParts } from "../client-state.js";
import { type ConfigurationStores, configurationOf } from "./stored-configuration.js";

/** Serves what the user's stores contain now, once the flags have one. */
export function serveStores(parts: EppoClientParts, changed: Partial<ConfigurationStores>): void {
  const { native, stores } = parts;
  Object.assign(stores, changed);
  // Bandits alone are no configuration.
  if (stores.flags !== null) native.setConfiguration(configurationOf(stores));
}

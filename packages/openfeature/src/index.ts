export type { ProviderClient } from "./provider/client.js";
export type { BanditActionsOf, SortitionProviderOptions, Track } from "./provider/options.js";
export type { ClientFactory } from "./provider/registration.js";
export { SortitionProvider } from "./provider/sortition-provider.js";
export type { MetadataScope } from "./resolution/metadata.js";

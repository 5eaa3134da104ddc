import type { Client } from "@sortition/core";

/** What the provider uses of a client, of any dialect. */
export type ProviderClient = Pick<
  Client,
  | "evaluate"
  | "getBanditActionDetails"
  | "getConfiguration"
  | "waitForInitialization"
  | "on"
  | "status"
  | "close"
>;

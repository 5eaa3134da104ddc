import type { Client } from "@sortition/core";

/** The members of a client that the provider uses. The client may have any dialect. */
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

import type { Diagnostics } from "@sortition/core/kit";
import type { Connections } from "../connection/connections.js";
import type { Settings } from "../options/settings.js";

/** Dependencies that all uses of Redis share. */
export interface FleetPorts {
  readonly settings: Settings;
  readonly connections: Connections;
  /** Diagnostics of a subscribed client, else of the fleet's options. */
  readonly diagnostics: Diagnostics;
  /** Calls `end` when the whole fleet is closed. The result takes it back. */
  onClose(end: (timeoutMs: number) => Promise<void>): () => void;
}

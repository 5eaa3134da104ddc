import type { Diagnostics } from "@sortition/core/kit";
import type { Connections } from "../connection/connections.js";
import type { Settings } from "../options/settings.js";

/** What every use of Redis hangs on. */
export interface FleetPorts {
  readonly settings: Settings;
  readonly connections: Connections;
  /** Those of a client that is subscribed, else those of the fleet's options. */
  readonly diagnostics: Diagnostics;
  /** Calls `end` when the whole fleet is closed. The result takes it back. */
  onClose(end: (timeoutMs: number) => Promise<void>): () => void;
}

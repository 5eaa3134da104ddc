import { type AssignmentLogger, type Client, createClient } from "@sortition/core/client";
import type { CompiledFlag } from "@sortition/core/dialect";
import type { Clock } from "@sortition/core/source";
import type { Outcome } from "../../dialect/outcome.js";
import type { Tracked } from "../../tracking/canonical.js";
import { VERSION } from "../../version.js";
import { diagnosticsTo, type FacadeLog } from "../logging.js";
import { InMemoryFlagConfigCache } from "./flag-config-cache.js";

/**
 * Hands exposures to a logger through a client's pipeline: isolated from what the logger throws, queued and
 * counted. The evaluations have been made: its flags answer what they are told.
 */
export class ExposurePipeline {
  readonly #client: Client;

  constructor(logger: AssignmentLogger, clock: Clock, log: FacadeLog) {
    const { configuration } = new InMemoryFlagConfigCache();
    this.#client = createClient({
      dialect: configuration.dialect,
      initialConfiguration: { ...configuration, flag: () => answer },
      assignmentLogger: logger,
      sdk: { name: "@sortition/amplitude", version: VERSION },
      // The filter of exposures has decided already.
      deduplication: false,
      clock,
      diagnostics: diagnosticsTo(log),
    });
  }

  /** Logs an event for each flag that the user is exposed to. Never throws. */
  log({ results, user }: Tracked): void {
    const subjectKey = String(user.user_id ?? user.device_id ?? "");
    if (subjectKey === "") return;
    const { user_id: _, user_properties: properties, ...fields } = user;
    const subjectAttributes = { ...fields, ...properties } as Record<string, never>; // logged as they are
    for (const [flagKey, outcome] of results) {
      this.#client.evaluate({ flagKey, subjectKey, subjectAttributes, extras: outcome });
    }
  }

  /** Delivers what was logged. Never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    await this.#client.flush({ timeoutMs });
  }
}

const answer: CompiledFlag = {
  key: "",
  valueType: null,
  evaluate: (_, { extras }) => (extras as Outcome).evaluations.boolean, // what `log` passes
};

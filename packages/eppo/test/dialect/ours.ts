import { type AssignmentEvent, type Client, Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { withUncheckedOverrides } from "@sortition/core/internal";
import type { Call } from "./calls.js";
import type { Profile } from "./configurations.js";
import { runCall } from "./getters.js";
import type { Outcome } from "./outcome.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Our client and its logged events. */
export class Ours {
  readonly #client: Client;
  readonly #events: AssignmentEvent[] = [];

  constructor({ isGraceful, includesDetails }: Profile) {
    this.#client = createClient({
      dialect: eppo(),
      assignmentLogger: { logAssignment: (event) => void this.#events.push(event) },
      deduplication: false,
      isGracefulMode: isGraceful,
      exposures: { includeEvaluationDetails: includesDetails },
      diagnostics: SILENT,
    });
  }

  load(text: string): void {
    this.#client.setConfiguration(
      Configuration.from({ dialect: eppo(), payloads: { flags: text } }),
    );
  }

  run(call: Call): Outcome {
    const client = (): Client =>
      call.overrides === null ? this.#client : withUncheckedOverrides(this.#client, call.overrides);
    return runCall(client, call, () => this.#events.splice(0));
  }
}

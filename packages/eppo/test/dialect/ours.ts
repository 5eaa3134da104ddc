import {
  type AssignmentEvent,
  type Client,
  type ClientOptions,
  Configuration,
  createClient,
} from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { withUncheckedOverrides } from "@sortition/core/internal";
import type { Call } from "./calls.js";
import { runCall } from "./getters.js";
import type { Outcome } from "./outcome.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Options of our client. */
export interface OurOptions {
  readonly isGraceful: boolean;
  readonly includesDetails: boolean;
  readonly deduplication?: ClientOptions["deduplication"];
  /** Called after each event is recorded. May throw. */
  readonly onEvent?: () => void;
}

/** Our client and its logged events. */
export class Ours {
  readonly #client: Client;
  readonly #events: AssignmentEvent[] = [];

  constructor({ isGraceful, includesDetails, deduplication = false, onEvent }: OurOptions) {
    this.#client = createClient({
      dialect: eppo(),
      assignmentLogger: {
        logAssignment: (event) => {
          this.#events.push(event);
          onEvent?.();
        },
      },
      deduplication,
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

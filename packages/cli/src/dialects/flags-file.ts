import {
  type AssignmentEvent,
  type Client,
  Configuration,
  createClient,
  DecodeError,
  type Dialect,
} from "@sortition/core";
import { SILENT_DIAGNOSTICS } from "@sortition/core/internal";
import { type PayloadFile, payloadError } from "../evaluate/payload-file.js";
import type { JsonObject } from "../evaluate/request.js";
import type { CliAnswer, LineTime, OpenConfiguration, OpenOptions } from "./dialect.js";

/** @throws FileError if the dialect rejects the file as a whole. */
export function loadFlags(dialect: Dialect, config: PayloadFile): Configuration {
  try {
    return Configuration.from({
      dialect,
      payloads: { flags: config.bytes },
      fetchedAtMs: config.readAtMs,
    });
  } catch (error) {
    if (error instanceof DecodeError) throw payloadError(config, error);
    throw error;
  }
}

/** A client for all requests of a run. */
export interface FlagsClient<Details extends object, Extras> {
  readonly client: Client<Details, Extras>;
  /** Returns and forgets the exposures of the current request. `null` if results contain no events. */
  takeEvents(): readonly AssignmentEvent[] | null;
}

/**
 * Opens a file of flags. The whole run shares one client, whose clock returns the time of the current line.
 *
 * @throws FileError if the dialect rejects the file as a whole.
 */
export async function openFlags<Details extends object, Extras>(
  options: OpenOptions,
  dialect: Dialect<Details, Extras>,
  answer: (parts: FlagsClient<Details, Extras>, fields: JsonObject, time: LineTime) => CliAnswer,
): Promise<OpenConfiguration> {
  const { hasEvents = false } = options;
  const config = await options.config();
  const configuration = loadFlags(dialect, config);
  const events: AssignmentEvent[] = [];
  let lineNowMs = config.readAtMs;
  const client = createClient<Details, Extras>({
    initialConfiguration: configuration,
    assignmentLogger: hasEvents ? { logAssignment: (event) => void events.push(event) } : null,
    deduplication: { assignments: false },
    clock: { now: () => lineNowMs, monotonicMs: () => lineNowMs },
    // Issues are already reported at the start and in the details.
    diagnostics: SILENT_DIAGNOSTICS,
  });
  const parts = { client, takeEvents: () => (hasEvents ? events.splice(0) : null) };
  return {
    configuration,
    issues: () => configuration.issues,
    answer(fields, time) {
      lineNowMs = time.nowMs;
      return answer(parts, fields, time);
    },
  };
}

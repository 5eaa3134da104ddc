import {
  type AssignmentEvent,
  type Client,
  type ClientOptions,
  Configuration,
  createClient,
  DecodeError,
  type Dialect,
} from "@sortition/core";
import { SILENT_DIAGNOSTICS } from "@sortition/core/internal";
import { type PayloadFile, payloadError } from "../evaluate/payload-file.js";
import type { JsonObject } from "../evaluate/request.js";
import type { CliAnswer, LineTime, OpenConfiguration, OpenOptions } from "./dialect.js";

/**
 * @param bandits - the file of bandit models; `null`: none.
 * @throws FileError if the dialect rejects a file as a whole.
 */
export async function loadFlags(
  dialect: Dialect,
  config: PayloadFile,
  bandits: PayloadFile | null = null,
): Promise<Configuration> {
  try {
    const flags = config.bytes;
    return await Configuration.load({
      dialect,
      payloads: bandits === null ? { flags } : { flags, bandits: bandits.bytes },
      fetchedAtMs: config.readAtMs,
    });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const isInBandits = error.part === "payloads.bandits" && bandits !== null;
    throw payloadError(isInBandits ? bandits : config, error);
  }
}

interface LineClientOptions
  extends Pick<ClientOptions, "assignmentLogger" | "deduplication" | "isGracefulMode"> {
  /** The time until the first line, epoch ms. */
  readonly readAtMs: number;
}

/** Opens a configuration. The whole run shares one client, whose clock returns the time of the current line. */
export function openClient<Details extends object, Extras>(
  configuration: Configuration,
  { readAtMs, ...options }: LineClientOptions,
  answer: (client: Client<Details, Extras>, fields: JsonObject, time: LineTime) => CliAnswer,
): OpenConfiguration {
  let lineNowMs = readAtMs;
  const client = createClient<Details, Extras>({
    ...options,
    initialConfiguration: configuration,
    clock: { now: () => lineNowMs, monotonicMs: () => lineNowMs },
    // Issues are already reported at the start and in the details.
    diagnostics: SILENT_DIAGNOSTICS,
  });
  return {
    configuration,
    issues: () => configuration.issues,
    answer(fields, time) {
      lineNowMs = time.nowMs;
      return answer(client, fields, time);
    },
  };
}

/** A client for all requests of a run. */
export interface FlagsClient<Details extends object, Extras> {
  readonly client: Client<Details, Extras>;
  /** Returns and forgets the exposures of the current request. `null` if results contain no events. */
  takeEvents(): readonly AssignmentEvent[] | null;
}

/**
 * Opens a file of flags.
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
  const configuration = await loadFlags(dialect, config);
  const events: AssignmentEvent[] = [];
  const takeEvents = () => (hasEvents ? events.splice(0) : null);
  const assignmentLogger = hasEvents
    ? { logAssignment: (event: AssignmentEvent) => void events.push(event) }
    : null;
  return openClient<Details, Extras>(
    configuration,
    { readAtMs: config.readAtMs, assignmentLogger, deduplication: { assignments: false } },
    (client, fields, time) => answer({ client, takeEvents }, fields, time),
  );
}

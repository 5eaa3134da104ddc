import type { ScriptedReply, Stage } from "@sortition/dialect-kit/request-recorder";
import {
  type ClientOptions,
  clearCache,
  configureCache,
  type FeatureApiResponse,
  GrowthBook,
  GrowthBookClient,
  helpers,
  type Options,
  setPolyfills,
} from "../../src/index.js";

export const API_HOST = "http://api.test";
export const FEATURES = "/api/features/key";
export const EVALUATION = "/api/eval/key";
export const STREAM = "/sub/key";

/** A reply that offers a stream. */
const OFFERS_STREAM = { "x-sse-support": "enabled" };

/** A kind of server failure. */
interface FailureOfServer {
  readonly name: string;
  readonly reply: ScriptedReply;
  /** Time in which polls every 10 s recover from three failures in a row. */
  readonly polledMs: number;
}

/** Failures of the server. */
export const FAILURES: readonly FailureOfServer[] = [
  { name: "401", reply: 401, polledMs: 125_000 },
  { name: "503 with Retry-After", reply: busy(503), polledMs: 155_000 },
  { name: "a reset", reply: "reset", polledMs: 45_000 },
  { name: "JSON that is no object", reply: { body: "null" }, polledMs: 45_000 },
];

/** A reply that asks for a pause of 45 s. */
function busy(status: number): ScriptedReply {
  return { status, headers: { "retry-after": "45" } };
}

/** Payload with one feature, whose key is also the version. */
export function payload(version: string): FeatureApiResponse {
  return { dateUpdated: version, features: { [version]: { defaultValue: true } } };
}

/** Reply with {@link payload}. */
export function features(version: string, afterMs?: number): ScriptedReply {
  return { body: payload(version), ...(afterMs === undefined ? {} : { afterMs }) };
}

/** Reply with {@link payload} from a host that has a stream. */
export function streamed(version: string, afterMs?: number): ScriptedReply {
  return { ...(features(version, afterMs) as object), headers: OFFERS_STREAM };
}

const { ...builtIn } = helpers;

/** Resets payloads, connections, settings and polyfills of the process after the situation. */
function forgetAtEnd({ finally: atEnd }: Stage): void {
  atEnd(() => {
    setPolyfills({ EventSource: undefined, fetch: undefined, localStorage: undefined });
    void clearCache();
    configureCache({
      ...{ staleTTL: 60_000, maxAge: 14_400_000, maxEntries: 10, requestTimeout: 10_000 },
      ...{ streamSilence: 60_000, backgroundSync: true, disableCache: false },
    });
    Object.assign(helpers, builtIn);
  });
}

/** Options for the server of a situation. Everything that is logged is recorded. */
function optionsFor({ logger }: Stage): Options & ClientOptions {
  return {
    apiHost: API_HOST,
    clientKey: "key",
    diagnostics: logger,
    debug: true,
    log: logger.debug,
  };
}

/** An instance for one user. */
export function instance(stage: Stage, options: Options = {}): GrowthBook {
  forgetAtEnd(stage);
  const gb = new GrowthBook({ ...optionsFor(stage), ...options });
  stage.finally(() => gb.destroy({ destroyAllStreams: true }));
  return gb;
}

/** A client for many users. */
export function multiUser(stage: Stage, options: ClientOptions = {}): GrowthBookClient {
  forgetAtEnd(stage);
  const client = new GrowthBookClient({ ...optionsFor(stage), ...options });
  stage.finally(() => client.destroy({ destroyAllStreams: true }));
  return client;
}

/** Records which features an instance has. */
export function look({ note }: Stage, gb: GrowthBook | GrowthBookClient, name = "features"): void {
  note(name, Object.keys(gb.getFeatures()));
}

/** Sends an event to each open stream. */
export async function push(stage: Stage, type: string, data: string): Promise<void> {
  for (const stream of stage.server.streams) stream.send(data, type);
  stage.note(`sent to ${stage.server.streams.length}:`, type, data);
  await stage.advance(0);
}

/** Sends {@link payload} to each open stream. */
export function pushFeatures(stage: Stage, version: string): Promise<void> {
  return push(stage, "features", JSON.stringify(payload(version)));
}

import type { ScriptedReply, Stage } from "@sortition/dialect-kit/request-recorder";
import {
  type FlagConfigCache,
  type HttpClient,
  LocalEvaluationClient,
  type LocalEvaluationConfig,
  LogLevel,
} from "../../src/index.js";
import { flagOf } from "../client/local/flags.js";

export const FLAGS = "flags.test/sdk/v2/flags";

interface Injected {
  readonly flagConfigCache?: FlagConfigCache;
  readonly httpClient?: HttpClient;
}

/** Creates a local client for a situation's servers that logs everything. */
export function localClient(
  { finally: atEnd, logger }: Stage,
  config: LocalEvaluationConfig = {},
  { flagConfigCache, httpClient }: Injected = {},
): LocalEvaluationClient {
  const options: LocalEvaluationConfig = {
    serverUrl: "http://flags.test",
    streamServerUrl: "http://stream.test",
    loggerProvider: logger,
    logLevel: LogLevel.Verbose,
    ...config,
  };
  const client = new LocalEvaluationClient("key", options, flagConfigCache, httpClient);
  atEnd(() => client.stop());
  return client;
}

export const COHORT_SYNC: NonNullable<LocalEvaluationConfig["cohortSyncConfig"]> = {
  apiKey: "api",
  secretKey: "secret",
  cohortServerUrl: "http://cohorts.test",
};

/** A reply with flags that are on for all users. */
export function flags(...keys: readonly string[]): ScriptedReply {
  return { body: keys.map((key) => flagOf(key)) };
}

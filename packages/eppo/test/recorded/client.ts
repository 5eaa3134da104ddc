import type { ScriptedReply, Stage } from "@sortition/dialect-kit/request-recorder";
import { type EppoClient, getInstance, type IClientConfig, init } from "../../src/index.js";

export const CONFIG = "eppo.test/api/flag-config/v1/config";
export const BANDITS = "eppo.test/api/flag-config/v1/bandits";

/** Calls `init` for a situation's server, notes its outcome, and returns the client immediately. */
export function start(stage: Stage, config: Partial<IClientConfig> = {}): EppoClient {
  const starting = init({
    apiKey: "key",
    baseUrl: "http://eppo.test/api",
    assignmentLogger: { logAssignment: (event) => stage.note("assignment", event) },
    diagnostics: stage.logger,
    ...config,
  });
  stage.settles(
    "init",
    starting.then(() => "a client"),
  );
  const client = getInstance();
  stage.finally(() => client.stopPolling());
  stage.finally(forgetInstances);
  return client;
}

/** Removes the instances, because each situation starts like a new process. */
function forgetInstances(): void {
  for (const key of Object.getOwnPropertySymbols(globalThis)) {
    if (key.description?.startsWith("@sortition/eppo ")) Reflect.deleteProperty(globalThis, key);
  }
}

function flagOf(key: string, value: string): object {
  const splits = [{ variationKey: value, shards: [] }];
  return {
    key,
    enabled: true,
    variationType: "STRING",
    variations: { [value]: { key: value, value } },
    totalShards: 10_000,
    allocations: [{ key: `all-${value}`, rules: [], splits, doLog: true }],
  };
}

/** A reply with a flag `flag` whose value is also the etag. */
export function flags(value: string, more: object = {}): ScriptedReply {
  const facts = { createdAt: "2026-01-01T00:00:00.000Z", format: "SERVER" };
  const environment = { name: "Test" };
  return {
    body: { ...facts, environment, flags: { flag: flagOf("flag", value) }, ...more },
    headers: { etag: `"${value}"` },
  };
}

/** Flags that require a version of a bandit model. */
export function flagsWithModel(modelVersion: string, value: string): ScriptedReply {
  const place = { flagKey: "flag", variationKey: value, variationValue: value };
  const flagVariations = [{ key: "bandit", ...place }];
  return flags(value, { banditReferences: { bandit: { modelVersion, flagVariations } } });
}

/** Notes the value of a flag. */
export function look({ note }: Stage, client: EppoClient): void {
  const answer = client.getStringAssignment("flag", "alice", {}, "default");
  note("answer", answer, client.isInitialized());
}

/** Stops polling, waits for some time in which nothing may be requested, and closes the client. */
export async function end(stage: Stage, client: EppoClient): Promise<void> {
  client.stopPolling();
  await stage.advance(100_000);
  stage.settles("close", client.close());
  await stage.advance(0);
}

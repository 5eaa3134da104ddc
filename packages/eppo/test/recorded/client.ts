import type { ScriptedReply, Stage } from "@sortition/dialect-kit/request-recorder";
import { type EppoClient, getInstance, type IClientConfig, init } from "../../src/index.js";

export const CONFIG = "eppo.test/api/flag-config/v1/config";
export const BANDITS = "eppo.test/api/flag-config/v1/bandits";

/** Calls `init` for the server of a situation, says how it ends, and returns the client at once. */
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

/** Each situation begins like a process: without an instance. */
function forgetInstances(): void {
  for (const key of Object.getOwnPropertySymbols(globalThis)) {
    if (key.description?.startsWith("@sortition/eppo ")) Reflect.deleteProperty(globalThis, key);
  }
}

/** A flag whose value everybody has. */
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

/** A reply with a flag `flag` of some value, which is the etag, too. */
export function flags(value: string, more: object = {}): ScriptedReply {
  const facts = { createdAt: "2026-01-01T00:00:00.000Z", format: "SERVER" };
  const environment = { name: "Test" };
  return {
    body: { ...facts, environment, flags: { flag: flagOf("flag", value) }, ...more },
    headers: { etag: `"${value}"` },
  };
}

/** Flags that need a version of a model. */
export function flagsWithModel(modelVersion: string, value: string): ScriptedReply {
  const place = { flagKey: "flag", variationKey: value, variationValue: value };
  const flagVariations = [{ key: "bandit", ...place }];
  return flags(value, { banditReferences: { bandit: { modelVersion, flagVariations } } });
}

/** Writes what a client answers. */
export function look({ note }: Stage, client: EppoClient): void {
  const answer = client.getStringAssignment("flag", "alice", {}, "default");
  note("answer", answer, client.isInitialized());
}

/** Stops polling, lets some time pass, in which nothing may be requested, and closes the client. */
export async function end(stage: Stage, client: EppoClient): Promise<void> {
  client.stopPolling();
  await stage.advance(100_000);
  stage.settles("close", client.close());
  await stage.advance(0);
}

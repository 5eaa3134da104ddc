import type { ScriptedReply, Stage } from "@sortition/dialect-kit/request-recorder";
import { type Client, type ClientOptions, createClient } from "../../src/index.js";
import { flagsBody } from "../support/flags.js";

export const CONFIG = "/flag-config/v1/config";
export const BANDITS = "/flag-config/v1/bandits";

/** Options for the server of a situation. */
export function optionsFor({ logger }: Stage): ClientOptions {
  return { apiKey: "key", baseUrl: "http://eppo.test", diagnostics: logger };
}

/** Creates a client of a situation's server that notes when it is ready. */
export function clientOf(stage: Stage, options: ClientOptions = {}): Client {
  const client = createClient({
    ...(options.source === undefined ? optionsFor(stage) : { diagnostics: stage.logger }),
    ...options,
  });
  stage.finally(() => client.close({ timeoutMs: 0 }));
  stage.settles("ready", client.waitForInitialization());
  return client;
}

/** A reply with flags whose value is `value`. The etag has the same value, unless it is `null`. */
export function flags(value: string, etag: string | null = value): ScriptedReply {
  return { body: flagsBody(value), headers: etag === null ? {} : { etag: `"${etag}"` } };
}

/** Notes the value of a flag and the status of the client. */
export function look({ note }: Stage, client: Client): void {
  const { ageMs, consecutiveFailures, lastError, state } = client.status;
  const answer = client.getStringAssignment("flag-1", "alice", {}, "default");
  note("answer", answer, { state, ageMs, consecutiveFailures, lastError: lastError?.code });
}

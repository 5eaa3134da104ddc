import type { ScriptedReply, Stage } from "@sortition/dialect-kit/request-recorder";
import { PostHog, type PostHogOptions } from "../../src/index.js";

export const BATCH = "/batch/";
export const DEFINITIONS = "/flags/definitions";
export const FLAGS = "ph.test/flags/";

/** Failures of the server. */
export const FAILURES: readonly { readonly name: string; readonly reply: ScriptedReply }[] = [
  { name: "401", reply: 401 },
  { name: "402", reply: 402 },
  { name: "408", reply: 408 },
  { name: "429 with Retry-After", reply: busy(429) },
  { name: "500", reply: 500 },
  { name: "502", reply: 502 },
  { name: "a reset", reply: "reset" },
  { name: "HTML", reply: { body: "<html>no</html>" } },
];

/** A reply that asks for a pause of 45 s. */
function busy(status: number): ScriptedReply {
  return { status, headers: { "retry-after": "45" } };
}

/** Creates a client for the server of a situation. Its errors are recorded. */
export function clientOf(stage: Stage, options: PostHogOptions = {}): PostHog {
  const client = new PostHog("phc_key", {
    host: "http://ph.test",
    disableCompression: true,
    ...options,
  });
  client.on("error", (error) => stage.note("error", error));
  client.on("localEvaluationFlagsLoaded", (count) => stage.note("loaded", count));
  stage.finally(() => void client.shutdown(0));
  return client;
}

/** Definition of a flag that is on for everyone. */
export function flagOf(key: string): object {
  return { id: 1, key, active: true, filters: { groups: [{}] } };
}

/** Definition of a flag that only the server can decide. */
export function undecidableFlagOf(key: string): object {
  return { ...flagOf(key), ensure_experience_continuity: true };
}

/** Reply with definitions of flags that are on for everyone. */
export function definitions(...keys: readonly string[]): ScriptedReply {
  return definitionsOf(keys.map(flagOf));
}

export function definitionsOf(flags: readonly object[]): ScriptedReply {
  return { body: { flags, group_type_mapping: {}, cohorts: {} } };
}

/** The same reply with an ETag. */
export function tagged(reply: ScriptedReply, etag: string): ScriptedReply {
  return { ...(reply as object), headers: { etag } };
}

/** Captures numbered events, starting with `first`. */
export function capture(client: PostHog, count: number, first = 1): void {
  for (let i = first; i < first + count; i++) {
    client.capture({ distinctId: "alice", event: `e${i}` });
  }
}

/** Records the event counters. */
export function count({ note }: Stage, client: PostHog): void {
  const { dropped, queuedBytes: _, ...stats } = client.stats();
  const reasons = Object.entries(dropped).filter(([, number]) => number > 0);
  note("stats", { ...stats, dropped: Object.fromEntries(reasons) });
}

/** Shuts the client down, and waits until it has ended. */
export async function end(stage: Stage, client: PostHog, timeoutMs = 1_000): Promise<void> {
  stage.settles("shutdown", client.shutdown(timeoutMs));
  await stage.advance(timeoutMs);
}

/** Creates a client that sends events to a server with these replies. */
export function capturing(
  stage: Stage,
  replies: readonly ScriptedReply[],
  options: PostHogOptions = {},
): PostHog {
  stage.server.on(BATCH, ...replies);
  return clientOf(stage, options);
}

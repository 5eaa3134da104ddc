import { setTimeout as sleep } from "node:timers/promises";
import * as vendorSdk from "@amplitude/experiment-node-server";
import type { RecordedRequest, TestServer } from "@sortition/test-kit";
import { RemoteEvaluationClient, type RemoteEvaluationConfig } from "../../../src/index.js";

/** What both clients have. */
export interface RemoteClient {
  fetchV2(user: object, options?: object): Promise<Record<string, unknown>>;
  fetch(user: object, options?: object): Promise<Record<string, unknown>>;
}

/** One of the two packages. */
export interface Side {
  readonly name: string;
  create(apiKey: string, config: RemoteEvaluationConfig): RemoteClient;
}

export const ours: Side = {
  name: "ours",
  create: (apiKey, config) => new RemoteEvaluationClient(apiKey, config),
};

export const vendor: Side = {
  name: "vendor",
  // Its options are a subset of ours, apart from absent members that are `undefined`.
  create: (apiKey, config) =>
    new vendorSdk.RemoteEvaluationClient(apiKey, config as vendorSdk.RemoteEvaluationConfig),
};

/** Delays that do not slow tests down. */
export const FAST: RemoteEvaluationConfig = {
  fetchRetryBackoffMinMillis: 1,
  fetchRetryBackoffMaxMillis: 4,
};

/** What a call resulted in. */
export type Outcome = { readonly value: unknown } | { readonly error: ErrorFacts };

interface ErrorFacts {
  readonly statusCode: unknown;
}

/** Runs a call and describes its result, so that both sides can be compared. */
export async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: { statusCode: (error as { statusCode?: unknown }).statusCode } };
  }
}

/** A request without what differs on purpose: the name of the library, and what the connection needs. */
function comparable({ method, target, headers }: RecordedRequest): unknown {
  const { host: _, connection: __, ...rest } = headers;
  const user = rest["x-amp-exp-user"];
  if (typeof user === "string") rest["x-amp-exp-user"] = withoutVersion(user);
  return { method, target, headers: rest };
}

function withoutVersion(header: string): string {
  const text = Buffer.from(header, "base64url").toString();
  return text.replace(/experiment-node-server\/[^"]*/, "experiment-node-server");
}

/** Requests that arrive within a moment after the last one count, too. */
export async function requestsOf(server: TestServer, from: number): Promise<readonly unknown[]> {
  await sleep(5);
  return server.requests.slice(from).map(comparable);
}

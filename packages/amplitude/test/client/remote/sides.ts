import { setTimeout as sleep } from "node:timers/promises";
import * as vendorSdk from "@amplitude/experiment-node-server";
import type { RecordedRequest, TestServer } from "@sortition/test-kit";
import { RemoteEvaluationClient, type RemoteEvaluationConfig } from "../../../src/index.js";

/** Methods of both clients. */
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
  // The vendor's options are a subset of ours, except for absent members that are `undefined`.
  create: (apiKey, config) =>
    new vendorSdk.RemoteEvaluationClient(apiKey, config as vendorSdk.RemoteEvaluationConfig),
};

/** Short delays, so that tests are fast. */
export const FAST: RemoteEvaluationConfig = {
  fetchRetryBackoffMinMillis: 1,
  fetchRetryBackoffMaxMillis: 4,
};

/** The result of a call. */
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

/**
 * Removes the name of the library, which differs on purpose, and the headers of the connection from
 * a request.
 */
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

/** Returns the requests, including those received within a moment after the last one. */
export async function requestsOf(server: TestServer, from: number): Promise<readonly unknown[]> {
  await sleep(5);
  return server.requests.slice(from).map(comparable);
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { sha256Of } from "../../src/access/tokens.js";
import { VARIABLES } from "../start.js";

export const DIALECT_NAMES = ["eppo", "growthbook", "amplitude", "posthog"] as const;

export type DialectName = (typeof DIALECT_NAMES)[number];

const folder = mkdtempSync(join(tmpdir(), "relay-ofrep-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** Writes a payload to a file that is removed after all tests. */
export function fileOf(payload: unknown): string {
  files += 1;
  const file = join(folder, `${files}.json`);
  writeFileSync(file, JSON.stringify(payload));
  return file;
}

/** A token of a web page, which may evaluate. */
export const PAGE: object = {
  name: "page",
  sha256: sha256Of(VARIABLES.PAGE_TOKEN),
  scopes: ["evaluate"],
};
/** A token of the vendors' SDKs. */
export const SERVER: object = { name: "server", sha256: sha256Of(VARIABLES.SERVER_TOKEN) };

/** Returns an environment that evaluates a payload. */
export function evaluating(
  dialect: DialectName | "datadog" | "launchdarkly",
  payload: unknown,
  members: object = {},
): object {
  return {
    name: dialect,
    dialect,
    file: fileOf(payload),
    tokens: [PAGE, SERVER],
    evaluate: true,
    ...members,
  };
}

/** Sends a request like a provider's. */
export function ask(
  url: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}/ofrep/v1/${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json; charset=utf-8",
      authorization: `Bearer ${VARIABLES.PAGE_TOKEN}`,
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** Evaluates one flag for a context. */
export function askOne(
  url: string,
  key: string,
  context: unknown,
  headers?: Readonly<Record<string, string>>,
): Promise<Response> {
  return ask(url, `evaluate/flags/${encodeURIComponent(key)}`, { context }, headers);
}

/** Evaluates all flags for a context. */
export function askAll(
  url: string,
  context: unknown,
  headers?: Readonly<Record<string, string>>,
): Promise<Response> {
  return ask(url, "evaluate/flags", { context }, headers);
}

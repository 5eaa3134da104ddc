import {
  type Client,
  type ClientOptions,
  type Configuration,
  createClient,
  type PayloadSet,
} from "@sortition/core";
import type { Dialect } from "@sortition/core/dialect";
import { type Mutation, mutatedText } from "../fuzz/mutation.js";
import type { DialectHarness, Documents } from "./harness.js";

/** Received bytes by part. */
export type Bodies = Readonly<Record<string, Uint8Array>>;

/** Encodes documents as a server would send them. */
export async function bodiesOf(
  { encode = async (_, text) => new TextEncoder().encode(text) }: DialectHarness,
  documents: Documents,
  textOf: (document: unknown, part: string) => string = (document) => JSON.stringify(document),
): Promise<Bodies> {
  const bodies = Object.entries(documents).map(
    async ([part, document]) => [part, await encode(part, textOf(document, part))] as const,
  );
  return Object.fromEntries(await Promise.all(bodies));
}

/** Encodes the documents with one node of a part replaced. */
export function mutatedBodies(
  harness: DialectHarness,
  part: string,
  mutation: Mutation,
): Promise<Bodies> {
  return bodiesOf(harness, harness.documents, (document, name) =>
    name === part ? mutatedText(document, mutation) : JSON.stringify(document),
  );
}

/** Creates payloads with etags, as an origin offers them. */
export function payloadsOf(bodies: Bodies): PayloadSet {
  return Object.entries(bodies).map(([part, bytes]) => ({
    part,
    bytes,
    etag: `"${part}"`,
    fetchedAtMs: Date.UTC(2026, 0, 1),
    from: "network",
  }));
}

/** Prepares and compiles payloads like a client. Throws the dialect's own errors. */
export async function compile(
  dialect: Dialect,
  payloads: PayloadSet,
  former: Configuration | null = null,
): Promise<Configuration> {
  const prepared = (await dialect.prepare?.(payloads)) ?? null;
  return dialect.compile({ payloads, prepared, former });
}

/** Compiles the documents of a harness. */
export async function configurationOf(
  harness: DialectHarness,
  dialect: Dialect = harness.createDialect(),
  documents: Documents = harness.documents,
): Promise<Configuration> {
  return compile(dialect, payloadsOf(await bodiesOf(harness, documents)));
}

/** Fixed, because event ids depend on the time. */
const NOW_MS = Date.UTC(2026, 5, 1);

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Creates a client that serves a configuration and logs nothing. */
export function clientOf(configuration: Configuration, options: ClientOptions = {}): Client {
  return createClient({
    dialect: configuration.dialect,
    initialConfiguration: configuration,
    diagnostics: SILENT,
    clock: { now: () => NOW_MS },
    ...options,
  } as ClientOptions) as Client;
}

import { createHash } from "node:crypto";
import { createClock, type Payload } from "@sortition/core/internal";
import type { RedisServer } from "@sortition/test-kit/redis";
import { type Content, contentOf } from "../../src/codec/content.js";
import { Connections } from "../../src/connection/connections.js";
import { checkOptions } from "../../src/options/settings.js";
import { Protocol } from "../../src/worker/protocol.js";
import { Publishing, storableOf } from "../../src/worker/publication.js";

const SCOPE = "0123456789abcdef";

/** Workers that call the scripts in one namespace. */
export interface ScriptWorld {
  /** Creates a separate caller, like a process. */
  worker(name: string, scope?: string): Protocol;
  /** Returns a key of the namespace. */
  key(suffix: string): string;
  close(): void;
}

let count = 0;

export async function createScriptWorld(server: RedisServer): Promise<ScriptWorld> {
  const namespace = `scripts-${count++}`;
  const settings = checkOptions({ redis: server.url, namespace });
  const clock = createClock();
  const connections = new Connections(server.url, settings, { clock, random: () => 0.5 });
  connections.begin();
  await connections.commands.settled();
  const keys = settings.namespace.shared;
  const limits = { leaseMs: 60_000, claimMs: 5_000, commandTimeoutMs: 5_000 };
  return {
    worker: (name, scope = SCOPE) =>
      new Protocol(connections.commands, keys, { ...limits, token: `${name}.random`, scope }),
    key: (suffix) => settings.namespace.key(suffix),
    close: () => connections.commands.close(),
  };
}

const digest = async (...chunks: readonly Uint8Array[]): Promise<Uint8Array> => {
  const hash = createHash("sha256");
  for (const chunk of chunks) hash.update(chunk);
  return new Uint8Array(hash.digest());
};

/** Creates a content from the text of its parts. */
export function contentFrom(parts: Readonly<Record<string, string>>): Promise<Content> {
  const payloads = Object.entries(parts).map(
    ([part, text]): Payload => ({
      part,
      bytes: Buffer.from(text),
      etag: `"${text.length}"`,
      fetchedAtMs: 5,
      from: "network",
    }),
  );
  return contentOf(payloads, digest);
}

/** Returns what a publisher sends for a content. */
export function publishingOf(content: Content): Publishing {
  const storable = storableOf(content, { endpoints: [] }, 1_000_000);
  const publisher = { scope: SCOPE, dialect: "toy", version: "1.0.0", compressFromBytes: 16_384 };
  return new Publishing(content, storable, publisher);
}

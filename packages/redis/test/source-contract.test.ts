import { setTimeout as wait } from "node:timers/promises";
import { NetworkError } from "@sortition/core";
import type {
  ConfigurationOrigin,
  ConfigurationSource,
  Dialect,
  FetchResult,
  PayloadSet,
} from "@sortition/core/internal";
import { describeConfigurationSource } from "@sortition/dialect-kit/source-contract";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, beforeAll, describe } from "vitest";
import { redis } from "../src/index.js";

/** No source uses any other member of its dialect. */
const dialect = { name: "test", endpoints: [] } as unknown as Dialect; // sources use no other members

const ETAG = 'W/"first, or not"';

/** An origin that returns its whole content, or reports that it did not change. */
class Origin implements ConfigurationOrigin {
  readonly dialect: Dialect = dialect;
  readonly scope = "0123456789abcdef";
  #content: string | null = "first";

  async fetchOnce(current: PayloadSet | null): Promise<FetchResult> {
    if (this.#content === null) {
      const error = new NetworkError("the request failed", null);
      return { kind: "failed", failure: { kind: "transient", error, retryAfterMs: null } };
    }
    const bytes = Buffer.from(this.#content);
    const held = current?.[0]?.bytes;
    if (held !== undefined && bytes.equals(held)) return { kind: "unchanged" };
    const payload = { part: "flags", bytes, etag: ETAG, fetchedAtMs: 0, from: "network" } as const;
    return { kind: "payloads", payloads: [payload] };
  }

  /** @param content - new content. `null`: every attempt fails from now on. */
  replace(content: string | null): void {
    this.#content = content;
  }
}

describe.skipIf(!hasRedis)("with a real server", () => {
  let server: RedisServer;
  let count = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await server.close();
  });

  describeConfigurationSource({
    name: "redis",
    dialect,
    etag: ETAG,
    create(clock) {
      const origin = new Origin();
      const namespace = `n${count++}`;
      const fleet = redis({ redis: server.url, origin, namespace });
      const source: ConfigurationSource = Object.create(fleet, {
        refresh: {
          value: async (options: Parameters<ConfigurationSource["refresh"]>[0]) => {
            // A fleet polls at most once a second, however often it is requested, so make the last poll older.
            const poll = `sortition:{${namespace}-0123456789ab}:v1:poll`;
            await server.command("HINCRBY", poll, "at", "-1000");
            const refreshing = fleet.refresh(options);
            const ended = refreshing.then(() => true);
            // The last poll may have been recorded after that. The fleet then waits, and its clock must advance.
            while (!(await Promise.race([ended, wait(1_000, false, { ref: false })]))) {
              await server.command("HINCRBY", poll, "at", "-1000");
              await clock.advance(100);
            }
            return refreshing;
          },
        },
      }) as ConfigurationSource; // inherits the other members from the fleet
      return {
        source,
        publish: (content) => origin.replace(content),
        fail: () => origin.replace(null),
        dispose: () => fleet.close(),
      };
    },
  });
});

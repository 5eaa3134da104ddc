import type { Diagnostics } from "@sortition/core/internal";
import type { Link } from "./connection.js";
import { isCluster, type RedisClient } from "./input.js";

/** What a use loses when its keys are evicted. */
export type Evictable = "dedupe" | "outbox" | "stickyBuckets";

/** Keys that expire, which `volatile-*` evicts too. */
const EXPIRING: Readonly<Record<Evictable, string>> = {
  dedupe: "logged exposures, which may be logged again",
  outbox: "calls of outboxes, which may be repeated",
  stickyBuckets: "sticky assignments, so subjects may get another variation",
};
const STORED = "exposures that wait in an outbox";

/**
 * Returns the policies by which the masters evict keys. Empty: no master evicts any.
 *
 * @throws if Redis refuses `INFO`.
 */
export async function evictionPolicies(client: RedisClient): Promise<readonly string[]> {
  const masters = isCluster(client) ? client.nodes("master") : [client];
  const policies = await Promise.all(
    masters.map(async (master) => {
      const facts = await master.info("memory");
      const isLimited = !/^maxmemory:0\r?$/m.test(facts);
      return isLimited ? (/^maxmemory_policy:([\w-]+)/m.exec(facts)?.[1] ?? null) : null;
    }),
  );
  return [...new Set(policies)].filter((it) => it !== null && it !== "noeviction") as string[]; // without null
}

/** Reports once, when Redis is connected, which keys of the uses it may evict. */
export function reportEviction(
  link: Link,
  diagnostics: Diagnostics,
  uses: ReadonlySet<Evictable>,
): void {
  const check = async (): Promise<void> => {
    if (!link.isReady || uses.size === 0) return;
    try {
      const policies = await link.use(evictionPolicies);
      stop();
      if (policies.length === 0) return;
      const evictsAll = policies.some((it) => it.startsWith("allkeys"));
      const keys = [...uses].map((use) => EXPIRING[use]);
      if (evictsAll && uses.has("outbox")) keys.push(STORED);
      const advice = "set maxmemory-policy to noeviction";
      diagnostics.warn("Redis may evict keys", { policy: policies.join(), keys, advice });
    } catch {
      // Not permitted, or not connected: then the next connection.
    }
  };
  const stop = link.listen({ ready: () => void check() });
  void Promise.resolve().then(check); // when all uses of this turn are open
}

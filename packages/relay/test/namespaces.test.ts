import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { startTestServer } from "@sortition/test-kit/http-server";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config/read-config.js";
import { ENVIRONMENTS, later, relayOf, VARIABLES } from "./start.js";

const NAMESPACE = "shop";

describe.skipIf(!hasRedis)("a namespace of two deployments", () => {
  it("is refused by a reload that would give it to two environments of one relay", async () => {
    const redis = await startRedis();
    later(() => redis.close());
    const vendor = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
    later(() => vendor.close());
    const first = {
      ...ENVIRONMENTS.Eppo(vendor.url),
      redis: { url: redis.url, namespace: NAMESPACE },
    };
    const second = { ...first, name: "staging", source: { apiKey: { env: "SECRET" } } };
    let environments: readonly object[] = [first];
    const own = { listen: 0, admin: { listen: 0 } };
    const readAgain = () => readConfig({ ...own, environments }, { variables: VARIABLES });
    const relay = await relayOf({ environments }, { readAgain });
    environments = [first, second];
    await expect(relay.reload()).rejects.toThrow(
      'environments[1].redis.namespace: "shop" is the namespace of the environment "eppo"',
    );
    expect(relay.environments.map(({ name }) => name)).toEqual(["eppo"]);
  });
});

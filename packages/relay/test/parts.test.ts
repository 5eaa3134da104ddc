import { createCipheriv, randomBytes } from "node:crypto";
import { LocalEvaluationClient } from "@amplitude/experiment-node-server";
import { type IBanditEvent, init } from "@eppo/node-server-sdk";
import { GrowthBookClient } from "@growthbook/growthbook";
import { ifWhole, isInPart } from "@sortition/test-kit";
import { type RecordedRequest, type Reply, startTestServer } from "@sortition/test-kit/http-server";
import { testFlags } from "@sortition/testing";
import { flagServer } from "@sortition/testing/server";
import { PostHog } from "posthog-node";
import { describe, expect, it } from "vitest";
import { ENVIRONMENTS, later, relayOf, VARIABLES } from "./start.js";

const { COHORT_API, COHORT_SECRET, KEY, PROJECT } = VARIABLES;
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const SUBJECTS = Array.from({ length: 500 }, (_, i) => `subject-${i}`);

async function serverWith(reply: (request: RecordedRequest) => Reply) {
  const server = await startTestServer(reply);
  later(() => server.close());
  return server;
}

describe("bandits of Eppo", () => {
  it("choose the same actions with the same probabilities", async () => {
    const flags = testFlags();
    flags.bandit("shoes").actions({ nike: 0.55, adidas: 0.25, puma: 0.2, reebok: 0 });
    const server = await flagServer({ flags });
    later(() => server.close());
    const chosenAt = async (baseUrl: string): Promise<readonly unknown[]> => {
      const logged: IBanditEvent[] = [];
      const client = await init({
        apiKey: KEY,
        baseUrl,
        assignmentLogger: { logAssignment() {} },
        banditLogger: { logBanditAction: (event) => void logged.push(event) },
      });
      for (const subject of SUBJECTS) {
        const actions = { nike: {}, adidas: {}, puma: {}, reebok: {} };
        client.getBanditAction("shoes", subject, {}, actions, "none");
      }
      client.stopPolling();
      return logged.map(({ action, actionProbability, subject }) => [
        ...[subject, action, actionProbability],
      ]);
    };
    const direct = await chosenAt(server.url);
    const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
    expect(new Set(direct.map((it) => (it as string[])[1])).size).toBe(3);
    expect(await chosenAt(relay.url)).toEqual(direct);
  });

  it("get 503 until the vendor has sent the models, not an empty list", async () => {
    const flags = testFlags();
    flags.bandit("shoes").choose("nike");
    const server = await serverWith(({ path }) =>
      path.endsWith("/config")
        ? { kind: "answer", body: flags.payload() }
        : { kind: "answer", status: 500 },
    );
    const environments = [ENVIRONMENTS.Eppo(server.url)];
    const relay = await relayOf({ environments }, { waits: false });
    const at = (part: string): Promise<Response> =>
      fetch(`${relay.url}/flag-config/v1/${part}?apiKey=${KEY}`);
    await expect.poll(async () => (await at("config")).status).toBe(200);
    expect((await at("bandits")).status).toBe(503);
  });
});

describe("cohorts of Amplitude", () => {
  const members = (from: number): string[] => SUBJECTS.filter((_, i) => i % 10 >= from);
  const cohortOf = (id: string, lastModified: number, memberIds: readonly string[]): string => {
    const facts = { cohortId: id, groupType: "User", groupTypeId: 0, lastComputed: 1 };
    return JSON.stringify({ ...facts, lastModified, size: memberIds.length, memberIds });
  };
  const FLAGS = [
    {
      key: "checkout",
      variants: { on: { key: "on", value: "on" } },
      segments: [
        {
          conditions: [
            [
              {
                selector: ["context", "user", "cohort_ids"],
                op: "set contains any",
                values: ["big"],
              },
            ],
          ],
          variant: "on",
        },
      ],
    },
  ];

  async function start() {
    const server = await serverWith(({ path }) =>
      path.startsWith("/sdk/v2/flags")
        ? { kind: "answer", body: JSON.stringify(FLAGS) }
        : { kind: "answer", body: cohortOf("big", 7, members(4)) },
    );
    const own = ENVIRONMENTS.Amplitude(server.url) as { readonly source: object };
    const cohortSync = {
      apiKey: { env: "COHORT_API" },
      secretKey: { env: "COHORT_SECRET" },
      cohortServerUrl: server.url,
    };
    const relay = await relayOf({
      environments: [{ ...own, source: { ...own.source, cohortSync } }],
    });
    return { relay, server };
  }

  const ask = (url: string, path: string, secret = COHORT_SECRET): Promise<Response> => {
    const pair = Buffer.from(`${COHORT_API}:${secret}`).toString("base64");
    return fetch(`${url}/sdk/v1/cohort/${path}`, { headers: { authorization: `Basic ${pair}` } });
  };

  it("have the same members for the vendor's SDK", async () => {
    const { relay, server } = await start();
    const variantsAt = async (url: string): Promise<readonly unknown[]> => {
      const client = new LocalEvaluationClient(KEY, {
        serverUrl: url,
        loggerProvider: SILENT,
        cohortSyncConfig: {
          apiKey: COHORT_API,
          secretKey: COHORT_SECRET,
          maxCohortSize: 1_000,
          cohortServerUrl: url,
        },
      });
      await client.start();
      const variants = SUBJECTS.map((user_id) => client.evaluateV2({ user_id })["checkout"]?.key);
      client.stop();
      return variants;
    };
    const direct = await variantsAt(server.url);
    expect(direct.filter((it) => it === "on")).toHaveLength(members(4).length);
    expect(await variantsAt(relay.url)).toEqual(direct);
  });

  it("get 204 for the client's version, and 413 above the client's maximum size", async () => {
    const { relay } = await start();
    expect((await ask(relay.url, "big?maxCohortSize=1000&lastModified=7")).status).toBe(204);
    expect((await ask(relay.url, "big?maxCohortSize=1000&lastModified=6")).status).toBe(200);
    expect((await ask(relay.url, "big?maxCohortSize=10")).status).toBe(413);
  });

  it("are not served for the deployment key, which must not give access to user ids", async () => {
    const { relay } = await start();
    expect((await ask(relay.url, "big", KEY)).status).toBe(401);
    const headers = { authorization: `Api-Key ${COHORT_SECRET}` };
    expect((await fetch(`${relay.url}/sdk/v2/flags`, { headers })).status).toBe(401);
  });

  ifWhole(it)("get 404 if they are unknown, without a request to the vendor", async () => {
    const { relay, server } = await start();
    const requests = server.requests.length;
    for (const id of ["unknown", "__proto__", "..%2f..%2fbig", "%00", "a".repeat(10_000)]) {
      expect([id, (await ask(relay.url, id)).status]).toEqual([id, 404]);
    }
    expect(server.requests.length).toBe(requests);
  });
});

it("PostHog's group flags get the same values", async () => {
  const payload = JSON.stringify({
    flags: [
      {
        id: 1,
        key: "beta",
        active: true,
        filters: {
          aggregation_group_type_index: 0,
          groups: [{ properties: [], rollout_percentage: 40 }],
        },
      },
    ],
    group_type_mapping: { "0": "company" },
    cohorts: {},
  });
  const server = await serverWith(() => ({ kind: "answer", body: payload }));
  const relay = await relayOf({ environments: [ENVIRONMENTS.PostHog(server.url)] });
  const answersAt = async (host: string): Promise<readonly unknown[]> => {
    const client = new PostHog(PROJECT, { personalApiKey: KEY, host });
    await client.waitForLocalEvaluationReady();
    const options = { onlyEvaluateLocally: true, sendFeatureFlagEvents: false };
    const answers = await Promise.all(
      SUBJECTS.map(
        async (company) =>
          (await client.getFeatureFlagResult("beta", "user", { ...options, groups: { company } }))
            ?.enabled,
      ),
    );
    await client.shutdown();
    return answers;
  };
  const direct = await answersAt(server.url);
  expect(new Set(direct)).toEqual(new Set([true, false]));
  expect(await answersAt(relay.url)).toEqual(direct);
});

describe("an encrypted payload of GrowthBook", () => {
  const DECRYPTION_KEY = randomBytes(16);
  const encrypted = (content: object): string => {
    const iv = randomBytes(16);
    const cipher = createCipheriv("aes-128-cbc", DECRYPTION_KEY, iv);
    const data = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()]);
    return `${iv.toString("base64")}.${data.toString("base64")}`;
  };
  const payload = JSON.stringify({
    status: 200,
    encryptedFeatures: encrypted({ checkout: { rules: [{ coverage: 0.5, force: "fast" }] } }),
  });

  it("is served encrypted, and decrypted by the vendor's SDK", async () => {
    const server = await serverWith(() => ({ kind: "answer", body: payload }));
    const relay = await relayOf({ environments: [ENVIRONMENTS.GrowthBook(server.url)] });
    const answersAt = async (apiHost: string): Promise<readonly unknown[]> => {
      const decryptionKey = DECRYPTION_KEY.toString("base64");
      const client = new GrowthBookClient({ apiHost, clientKey: KEY, decryptionKey });
      await client.init();
      const answers = SUBJECTS.map((id) =>
        client.getFeatureValue("checkout", "none", { attributes: { id } }),
      );
      client.destroy();
      return answers;
    };
    const direct = await answersAt(server.url);
    expect(new Set(direct)).toEqual(new Set(["fast", "none"]));
    expect(await answersAt(relay.url)).toEqual(direct);
    expect(await (await fetch(`${relay.url}/api/features/${KEY}`)).text()).toBe(payload);
  });

  it.each(
    ["{}", '{"features":null}', '{"encryptedFeatures":""}', "[]", "<html>"].filter((_, i) =>
      isInPart(i),
    ),
  )("is distinguished from %s, which is not a configuration", async (body) => {
    const server = await serverWith(() => ({ kind: "answer", body }));
    const environments = [ENVIRONMENTS.GrowthBook(server.url)];
    const relay = await relayOf({ environments }, { waits: false });
    await expect
      .poll(() => relay.environments[0]?.status?.lastError?.code)
      .toBe("SORTITION_DECODE");
    expect((await fetch(`${relay.url}/api/features/${KEY}`)).status).toBe(503);
  });
});

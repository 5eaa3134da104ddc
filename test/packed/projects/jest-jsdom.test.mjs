// Jest's environment for front ends, as set up by Next.js. The globals are jsdom's, and some of Node's are missing.
import { webcrypto } from "node:crypto";
import { Experiment } from "@sortition/amplitude";
import { getInstance, init } from "@sortition/eppo";
import { GrowthBook, setPolyfills } from "@sortition/growthbook";
import { growthbookSource } from "@sortition/growthbook/source";
import { PostHog } from "@sortition/posthog";

/** Creates a `fetch` that responds with this body. jsdom has no `Response`. */
function fetchOf(body) {
  const text = JSON.stringify(body);
  const headers = { get: () => null };
  const response = {
    ok: true,
    status: 200,
    headers,
    json: async () => body,
    text: async () => text,
  };
  return jest.fn(async () => response);
}

const decryptionKey = "Ns04T5n9+59rl2x3SlNHtQ==";

/** Encrypts with Node's functions, whose buffers are of other classes than jsdom's. */
async function encrypted(content) {
  const algorithm = { name: "AES-CBC", iv: Buffer.alloc(16, 7) };
  const raw = Buffer.from(decryptionKey, "base64");
  const key = await webcrypto.subtle.importKey("raw", raw, "AES-CBC", false, ["encrypt"]);
  const text = Buffer.from(JSON.stringify(content));
  const data = Buffer.from(await webcrypto.subtle.encrypt(algorithm, key, text));
  return `${algorithm.iv.toString("base64")}.${data.toString("base64")}`;
}

test("the environment is jsdom, without some globals of Node", () => {
  expect(document.title).toBe("");
  const missing = [typeof structuredClone, typeof setImmediate, typeof TextDecoder, typeof fetch];
  expect(missing).toEqual(Array(4).fill("undefined"));
});

test("GrowthBook decrypts a payload", async () => {
  setPolyfills({ SubtleCrypto: webcrypto.subtle });
  const gb = new GrowthBook({ decryptionKey });
  const features = { banner: { defaultValue: true } };
  await gb.init({ payload: { encryptedFeatures: await encrypted(features) } });
  expect(gb.isOn("banner")).toBe(true);
});

test("GrowthBook evaluates remotely", async () => {
  setPolyfills({ fetch: fetchOf({ features: { banner: { defaultValue: true } } }) });
  const options = { apiHost: "https://gb.test", clientKey: "sdk-1", remoteEval: true };
  const gb = new GrowthBook(options);
  expect((await gb.init({ timeout: 5_000 })).success).toBe(true);
  expect(gb.isOn("banner")).toBe(true);
  gb.destroy();
});

test("sources and clients of all vendors accept addresses", async () => {
  expect(() => growthbookSource({ clientKey: "sdk-1", apiHost: "nonsense" })).toThrow("apiHost");
  expect(growthbookSource({ clientKey: "sdk-1", apiHost: "https://gb.test" })).toBeDefined();
  const options = { serverUrl: "https://amplitude.test", logLevel: 0 };
  const client = Experiment.initializeLocal("key", options);
  expect(client.evaluateV2({ user_id: "user-1" })).toEqual({});
  const posthog = new PostHog("phc_key", { host: "https://posthog.test", fetch: fetchOf({}) });
  posthog.capture({ distinctId: "user-1", event: "bought" });
  await posthog.shutdown();
  globalThis.fetch = fetchOf({
    ...{ createdAt: "2026-01-15T09:00:00.000Z", format: "SERVER", environment: { name: "Test" } },
    flags: {},
  });
  const assignmentLogger = { logAssignment: () => {} };
  await init({ apiKey: "key", baseUrl: "https://eppo.test", assignmentLogger });
  expect(getInstance().getBooleanAssignment("banner", "user-1", {}, true)).toBe(true);
});

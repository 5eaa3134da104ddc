import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { LocalEvaluationClient } from "@amplitude/experiment-node-server";
import { GrowthBookClient, setPolyfills } from "@growthbook/growthbook";
import { amplitude } from "@sortition/amplitude/dialect";
import { amplitudeSource } from "@sortition/amplitude/source";
import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookSource } from "@sortition/growthbook/source";
import { createClient } from "@sortition/node";
import { createFakeClock } from "@sortition/test-kit";
import { type TestFlags, testFlags } from "@sortition/testing";
import { EventSource } from "eventsource";
import { describe, expect, it } from "vitest";
import { urlOf } from "../src/config/listen.js";
import { serverOf } from "./formats.js";
import { openStream } from "./open-stream.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay, VARIABLES } from "./start.js";

const { KEY, WEBHOOK } = VARIABLES;
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

const switchTo = (flags: TestFlags, value: string): void => {
  flags.string("checkout").variations("fast", "standard").otherwise(value);
};

const idOf = (text: string): string => /^id: (\S+)$/m.exec(text)?.[1] ?? "";

async function growthbookRelay(members: object = {}, options: object = {}) {
  const { flags, server } = await serverOf("GrowthBook");
  const environments = [
    { ...ENVIRONMENTS.GrowthBook(server.url), webhookSecret: { env: "WEBHOOK" } },
  ];
  const relay = await relayOf({ environments, ...members }, options);
  return { flags, relay, server, url: `${relay.url}/sub/${KEY}` };
}

const refresh = (relay: TestRelay): void => relay.environments[0]?.requestRefresh();

describe("a stream of GrowthBook", () => {
  it("begins with the payload, unless the reader has it", async () => {
    const { flags, relay, url } = await growthbookRelay();
    const first = await openStream(url);
    await expect.poll(() => first.text).toContain("\n\n");
    expect(first.text).toBe(
      `event: features\nid: ${idOf(first.text)}\ndata: ${flags.payload()}\n\n`,
    );
    expect(first.headers.get("content-type")).toBe("text/event-stream");

    const held = await openStream(url, { "last-event-id": idOf(first.text) });
    const old = await openStream(url, { "last-event-id": "an-older-one" });
    await expect.poll(() => old.text).toBe(first.text);
    expect(held.text).toBe("");

    switchTo(flags, "fast");
    refresh(relay);
    for (const stream of [first, held, old]) {
      await expect.poll(() => stream.text).toContain(`data: ${flags.payload()}\n\n`);
    }
  });

  it("sends a payload of several lines unchanged", async () => {
    const { flags, relay, server, url } = await growthbookRelay();
    const body = JSON.stringify(JSON.parse(flags.payload()), null, 2);
    server.fail("garbage", { times: 1, body });
    const [environment] = relay.environments;
    const before = environment?.answers;
    refresh(relay);
    await expect.poll(() => environment?.answers).not.toBe(before);
    const stream = await openStream(url);
    await expect.poll(() => stream.text).toContain("data: }\n\n");
    const data = stream.text.match(/^data: .*$/gm)?.map((line) => line.slice("data: ".length));
    expect(data?.join("\n")).toBe(body);
  });

  it("sends a comment every 15 s", async () => {
    const clock = createFakeClock();
    const { url } = await growthbookRelay({}, { clock });
    const stream = await openStream(url);
    await expect.poll(() => stream.text).toContain("\n\n");
    const begin = stream.text;
    await clock.advance(14_000);
    await clock.advance(2_000);
    await expect.poll(() => stream.text.slice(begin.length)).toBe(": alive\n\n");
    await clock.advance(15_000);
    await expect.poll(() => stream.text.slice(begin.length)).toBe(": alive\n\n: alive\n\n");
  });

  it("ends after its lifetime, which varies by up to 20%", async () => {
    const clock = createFakeClock();
    const { url } = await growthbookRelay({ streamLifeMs: 100_000 }, { clock });
    const streams = await Promise.all(Array.from({ length: 30 }, () => openStream(url)));
    await clock.advance(79_000);
    expect(streams.some(({ hasEnded }) => hasEnded)).toBe(false);
    await clock.advance(21_000);
    await expect.poll(() => streams.some(({ hasEnded }) => hasEnded)).toBe(true);
    expect(streams.every(({ hasEnded }) => hasEnded)).toBe(false);
    await clock.advance(21_000);
    await expect.poll(() => streams.every(({ hasEnded }) => hasEnded)).toBe(true);
  });

  it("is rejected at maxStreams, and no other reader is dropped", async () => {
    const { flags, relay, url } = await growthbookRelay({ maxStreams: 2 });
    const streams = [await openStream(url), await openStream(url)];
    const third = await openStream(url);
    expect([third.status, third.headers.get("retry-after")]).toEqual([503, "5"]);
    switchTo(flags, "fast");
    refresh(relay);
    for (const stream of streams) {
      await expect.poll(() => stream.text).toContain(flags.payload());
    }
  });

  it("is rejected if it is pipelined after another request, and does not leak when the connection ends", async () => {
    const { relay } = await growthbookRelay();
    const socket = connect(relay.address.port, "127.0.0.1").resume();
    later(async () => void socket.destroy());
    const request = `GET /sub/${KEY} HTTP/1.1\r\nhost: relay\r\n\r\n`;
    socket.write(request.repeat(20));
    await expect.poll(() => relay.streams.count).toBeGreaterThan(0);
    const answered = await openStream(`${relay.url}/sub/${KEY}`);
    expect(answered.status).toBe(200);
    expect(relay.streams.count).toBe(2);
    socket.destroy();
    await expect.poll(() => relay.streams.count).toBe(1);
  });

  it("drops only a reader that has stalled", async () => {
    const { flags, relay, url } = await growthbookRelay();
    for (let i = 0; i < 500; i++) {
      flags.string(`flag-${i}`).variations("a".repeat(5_000), "b").otherwise("a".repeat(5_000));
    }
    refresh(relay);
    const healthy = await openStream(url);
    const socket = connect(relay.address.port, "127.0.0.1").pause();
    later(async () => void socket.destroy());
    socket.on("error", () => {});
    socket.write(`GET /sub/${KEY} HTTP/1.1\r\nhost: relay\r\n\r\n`);
    await expect.poll(() => relay.streams.count).toBe(2);
    for (let i = 0; i < 10 && relay.streams.count === 2; i++) {
      flags.string("checkout").variations(`value-${i}`, "other").otherwise(`value-${i}`);
      refresh(relay);
      await expect
        .poll(() => healthy.text.includes(`"value-${i}"`) || relay.streams.count < 2)
        .toBe(true);
    }
    expect([relay.streams.count, relay.streams.dropped]).toEqual([1, 1]);
    expect(healthy.hasEnded).toBe(false);
  });
});

describe("the webhook of GrowthBook", () => {
  const send = (url: string, body: string, secret = WEBHOOK): Promise<Response> =>
    fetch(`${url}/proxy/features`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "x-growthbook-signature": createHmac("sha256", secret).update(body).digest("hex"),
      },
    });

  it("refreshes at most once a second, and its content is never served", async () => {
    const clock = createFakeClock();
    const { flags, relay, server, url } = await growthbookRelay({}, { clock });
    const stream = await openStream(url);
    const before = server.requests.length;
    switchTo(flags, "fast");
    const foreign = JSON.stringify({ features: { foreign: { defaultValue: true } } });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(relay.url, foreign)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await expect.poll(() => stream.text).toContain(flags.payload());
    await clock.advance(999);
    expect(server.requests).toHaveLength(before + 1);
    await clock.advance(1);
    await expect.poll(() => server.requests.length).toBe(before + 2);
    expect(stream.text).not.toContain("foreign");
  });

  it("causes another request if it is received while a response is awaited", async () => {
    const flags = testFlags({ dialect: growthbook() }) as TestFlags;
    switchTo(flags, "standard");
    let [requests, respond]: [number, () => void] = [0, () => {}];
    const server = createServer((_, response) => {
      const payload = flags.payload();
      requests += 1;
      respond = () => response.end(payload);
      if (requests === 1) respond();
    }).listen(0, "127.0.0.1");
    later(async () => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, "listening");
    const { port } = server.address() as { readonly port: number }; // it listens on a port
    const environment = ENVIRONMENTS.GrowthBook(`http://127.0.0.1:${port}`);
    const webhookSecret = { env: "WEBHOOK" };
    const clock = createFakeClock();
    const environments = [{ ...environment, webhookSecret }];
    const relay = await relayOf({ environments }, { clock });
    const stream = await openStream(`${relay.url}/sub/${KEY}`);
    await send(relay.url, "{}");
    await expect.poll(() => requests).toBe(2);
    switchTo(flags, "fast");
    await send(relay.url, "{}");
    await clock.advance(1_000);
    respond();
    await expect.poll(() => requests).toBe(3);
    respond();
    await expect.poll(() => stream.text).toContain(flags.payload());
  });

  /** Sends the webhook of an SDK connection, signed as in GrowthBook's `sdkWebhooks.ts`. */
  const sendSigned = (
    url: string,
    body: string,
    { ageSeconds = 0, headers = {}, signatures = (right: string) => right } = {},
  ): Promise<Response> => {
    const id = "msg_0123456789abcdef";
    const timestamp = `${Math.floor(Date.now() / 1_000) - ageSeconds}`;
    const right = `v1,${createHmac("sha256", WEBHOOK).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
    return fetch(`${url}/proxy/features`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signatures(right),
        "webhook-secret": "whsec_old",
        ...headers,
      },
    });
  };
  const CHANGED = JSON.stringify({ type: "payload.changed", data: { payload: "{}" } });
  const OTHER = `v1,${Buffer.alloc(32).toString("base64")}`;

  it.each([
    ["from an SDK connection", {}],
    [
      "with several signatures, one of them valid",
      { signatures: (it: string) => `${OTHER} ${it}` },
    ],
    ["4 minutes late", { ageSeconds: 240 }],
    ["4 minutes early", { ageSeconds: -240 }],
    ["with an additional wrong proxy signature", { headers: { "x-growthbook-signature": "00" } }],
  ])("refreshes %s", async (_, options) => {
    const { relay, server } = await growthbookRelay();
    const requests = server.requests.length;
    expect((await sendSigned(relay.url, CHANGED, options)).status).toBe(200);
    await expect.poll(() => server.requests.length).toBe(requests + 1);
  });

  it.each([
    ["6 minutes late", "wrong time", { ageSeconds: 360 }],
    ["6 minutes early", "wrong time", { ageSeconds: -360 }],
    ["with another id", "wrong signature", { headers: { "webhook-id": "msg_2" } }],
    ["with another time", "wrong signature", { headers: { "webhook-timestamp": "1" } }],
    ["without a time", "wrong signature", { headers: { "webhook-timestamp": "" } }],
    ["with a short signature", "wrong signature", { signatures: () => "v1,AA==" }],
    ["with a signature of another version", "wrong signature", { signatures: () => "v2,AA==" }],
    ["with an empty signature", "wrong signature", { signatures: () => "" }],
  ])("is rejected %s, counted, and logged once", async (_, reason, options) => {
    const { relay, server } = await growthbookRelay();
    const requests = server.requests.length;
    for (let i = 0; i < 3; i++) {
      const response = await sendSigned(relay.url, CHANGED, options);
      expect([response.status, await response.json()]).toEqual([
        401,
        { message: expect.stringMatching(`^webhook refused: ${reason}: .*\\?$`) },
      ]);
    }
    // A valid proxy signature does not help.
    const proxied = createHmac("sha256", WEBHOOK).update(CHANGED).digest("hex");
    const headers = {
      "x-growthbook-signature": proxied,
      ...("headers" in options && options.headers),
    };
    expect((await sendSigned(relay.url, CHANGED, { ...options, headers })).status).toBe(401);
    expect(server.requests.length).toBe(requests);
    const metrics = await (await fetch(`${urlOf(relay.adminAddress)}/metrics`)).text();
    expect(metrics).toContain('sortition_relay_webhooks_refused_total{environment="growthbook"} 4');
    expect(relay.log.filter((line) => line.includes("webhook refused"))).toHaveLength(1);
  });

  it.each([
    ["another secret", "other"],
    ["the empty secret", ""],
  ])("is rejected if it was signed with %s", async (_, secret) => {
    const { relay, server } = await growthbookRelay();
    const requests = server.requests.length;
    expect((await send(relay.url, "{}", secret)).status).toBe(401);
    const unsigned = await fetch(`${relay.url}/proxy/features`, { method: "POST", body: "{}" });
    expect(unsigned.status).toBe(401);
    expect(server.requests.length).toBe(requests);
  });

  it("is rejected with a response if it is larger than 64 MiB", async () => {
    const { relay } = await growthbookRelay();
    const response = await send(relay.url, "x".repeat(64 * 1_024 * 1_024 + 1));
    expect([response.status, await response.json()]).toEqual([
      401,
      { message: "webhook refused: too large" },
    ]);
  });

  it("gets 404 for an environment without a secret", async () => {
    const { server } = await serverOf("GrowthBook");
    const relay = await relayOf({ environments: [ENVIRONMENTS.GrowthBook(server.url)] });
    expect((await send(relay.url, "{}")).status).toBe(404);
    expect((await send(`${relay.url}/nobody`, "{}")).status).toBe(404);
  });
});

describe("a stream of Amplitude", () => {
  it("begins with the flags, and sends a blank message every 10 s", async () => {
    const clock = createFakeClock();
    const { flags, server } = await serverOf("Amplitude");
    const relay = await relayOf({ environments: [ENVIRONMENTS.Amplitude(server.url)] }, { clock });
    const headers = { authorization: `Api-Key ${KEY}` };
    const stream = await openStream(`${relay.url}/sdk/stream/v1/flags`, headers);
    await expect.poll(() => stream.text).toContain("\n\n");
    const begin = stream.text;
    expect(begin).toBe(`id: ${idOf(begin)}\ndata: ${flags.payload()}\n\n`);
    await clock.advance(11_000);
    await expect.poll(() => stream.text.slice(begin.length)).toBe("data:  \n\n");
  });
});

describe("a change reaches, long before the next poll", () => {
  it("the SDK of GrowthBook, and our client", async () => {
    setPolyfills({ EventSource });
    const { flags, relay, server } = await growthbookRelay();
    const theirs = new GrowthBookClient({ apiHost: relay.url, clientKey: KEY });
    await theirs.init({ streaming: true });
    const ours = createClient({
      dialect: growthbook(),
      source: growthbookSource({ apiHost: relay.url, clientKey: KEY, streaming: true }),
      assignmentLogger: null,
    });
    later(async () => {
      theirs.destroy({ destroyAllStreams: true });
      await ours.close();
    });
    await ours.waitForInitialization();
    await expect.poll(() => relay.streams.count).toBe(2);
    switchTo(flags, "fast");
    // The vendor's SDK ignores a payload with the same date.
    const body = flags.payload().replace(/"dateUpdated":"[^"]+"/, '"dateUpdated":"2026-02-01"');
    server.fail("garbage", { times: 1, body });
    refresh(relay);
    const user = { attributes: { id: "user" } };
    await expect.poll(() => theirs.getFeatureValue("checkout", "none", user)).toBe("fast");
    await expect.poll(() => ours.getStringAssignment("checkout", "user", {}, "none")).toBe("fast");
  });

  it("the SDK of Amplitude, and our client", async () => {
    const { flags, server } = await serverOf("Amplitude");
    const relay = await relayOf({ environments: [ENVIRONMENTS.Amplitude(server.url)] });
    const theirs = new LocalEvaluationClient(KEY, {
      serverUrl: relay.url,
      streamServerUrl: relay.url,
      streamUpdates: true,
      loggerProvider: SILENT,
    });
    await theirs.start();
    const ours = createClient({
      dialect: amplitude(),
      source: amplitudeSource({
        deploymentKey: KEY,
        serverUrl: relay.url,
        streamServerUrl: relay.url,
        streamUpdates: true,
      }),
      assignmentLogger: null,
    });
    later(async () => {
      theirs.stop();
      await ours.close();
    });
    await ours.waitForInitialization();
    await expect.poll(() => relay.streams.count).toBe(2);
    switchTo(flags, "fast");
    refresh(relay);
    await expect.poll(() => theirs.evaluateV2({ user_id: "user" })["checkout"]?.value).toBe("fast");
    await expect.poll(() => ours.getStringAssignment("checkout", "user", {}, "none")).toBe("fast");
  });
});

import { preloadTransport } from "@sortition/dialect-kit/request-recorder";
import { describeStreamFaults } from "@sortition/dialect-kit/stream-contract";
import { HttpTransport } from "@sortition/node/internal";
import { launchdarkly } from "../../src/dialect.js";
import { launchdarklySource } from "../../src/source.js";

let version = 0;

/** A flag that has this value for all users. Each one is newer than those before. */
function flag(value: string): object {
  version += 1;
  return { key: "flag", version, on: false, offVariation: 0, variations: [value] };
}

const all = (value: string): object => ({ flags: { flag: flag(value) }, segments: {} });

/** The limit for bodies also applies to events. */
const MAX_BODY_BYTES = 1_048_576;

describeStreamFaults({
  harness: {
    dialect: launchdarkly(),
    createSource: () =>
      launchdarklySource({
        sdkKey: "sdk-key",
        baseUri: "http://launchdarkly.test",
        maxBodyBytes: MAX_BODY_BYTES,
      }),
    paths: { flags: "/sdk/latest-all", stream: "/all" },
    reply: (value) => ({ body: JSON.stringify(all(value)), headers: { etag: `"${value}"` } }),
    sendAll: (stream, value) => stream.send(JSON.stringify({ path: "/", data: all(value) }), "put"),
    sendChange: (stream, value) =>
      stream.send(JSON.stringify({ path: "/flags/flag", data: flag(value) }), "patch"),
    sendLife: (stream) => stream.write(":\n\n"),
    sendBeginning: (stream, value) =>
      stream.write(
        `event: patch\ndata: ${JSON.stringify({ path: "/flags/flag", data: flag(value) })}\n`,
      ),
    sendGarbage: (stream) => stream.send("{", "patch"),
    sendRefused: (stream) => stream.send('{"path":"/","data":{}}', "put"),
    reopensAfterGarbage: true,
    silenceMs: 300_000,
    joinMs: 50,
    maxEventBytes: MAX_BODY_BYTES,
    beginsWithAll: true,
    lifeMs: null,
  },
  preload: () => preloadTransport(new HttpTransport()),
});

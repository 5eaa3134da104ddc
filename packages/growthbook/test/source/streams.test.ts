import { preloadTransport } from "@sortition/dialect-kit/request-recorder";
import { describeStreamFaults } from "@sortition/dialect-kit/stream-contract";
import { HttpTransport } from "@sortition/node/internal";
import { growthbook } from "../../src/dialect.js";
import { growthbookSource } from "../../src/source.js";

const payloadOf = (value: string): string =>
  JSON.stringify({ status: 200, features: { flag: { defaultValue: value }, other: {} } });

/** The limit for bodies also applies to events. */
const MAX_BODY_BYTES = 1_048_576;

describeStreamFaults({
  harness: {
    dialect: growthbook(),
    createSource: () =>
      growthbookSource({
        clientKey: "sdk-key",
        apiHost: "http://gb.test",
        streaming: true,
        maxBodyBytes: MAX_BODY_BYTES,
      }),
    paths: { flags: "/api/features/sdk-key", stream: "/sub/sdk-key" },
    reply: (value) => ({
      body: payloadOf(value),
      headers: { etag: `"${value}"`, "x-sse-support": "enabled" },
    }),
    sendAll: (stream, value) => stream.send(payloadOf(value), "features"),
    sendChange: (stream, value) => stream.send(payloadOf(value), "features"),
    sendLife: (stream) => stream.write(":\n\n"),
    sendBeginning: (stream, value) => stream.write(`event: features\ndata: ${payloadOf(value)}\n`),
    sendGarbage: (stream) => stream.send("[", "features"),
    sendRefused: (stream) => stream.send("{}", "features"),
    maxEventBytes: MAX_BODY_BYTES,
    beginsWithAll: false,
    lifeMs: null,
  },
  preload: () => preloadTransport(new HttpTransport()),
});

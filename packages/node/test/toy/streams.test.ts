import { fileURLToPath } from "node:url";
import { preloadTransport } from "@sortition/dialect-kit/request-recorder";
import { describeStreamFaults } from "@sortition/dialect-kit/stream-contract";
import { HttpTransport } from "../../src/kit.js";
import { LIFE_MS, MAX_EVENT_BYTES, plainToy, toyBody, toySource } from "./toy-source.js";

/** A flag that has this value for all users. */
const flag = (value: string): object => ({
  key: "flag",
  rules: [{ variation: "on" }],
  variations: { on: { string: value } },
});

const OTHER = { key: "other", rules: [], variations: {} };

describeStreamFaults({
  file: fileURLToPath(new URL("streams.txt", import.meta.url)),
  harness: {
    dialect: plainToy(),
    createSource: () => toySource("http://toy.test"),
    paths: { flags: "/sdk/key/flags", stream: "/stream" },
    reply: (value) => ({ body: toyBody([OTHER, flag(value)]), headers: { etag: `"${value}"` } }),
    sendAll: (stream, value) => stream.send(JSON.stringify({ flags: [OTHER, flag(value)] }), "put"),
    sendChange: (stream, value) => stream.send(JSON.stringify(flag(value)), "patch"),
    sendLife: (stream) => stream.write(": here\n\n"),
    sendBeginning: (stream, value) =>
      stream.write(`event: patch\ndata: ${JSON.stringify(flag(value))}\n`),
    sendGarbage: (stream) => stream.send("{", "patch"),
    sendRefused: (stream) => stream.send("{}", "put"),
    maxEventBytes: MAX_EVENT_BYTES,
    beginsWithAll: true,
    lifeMs: LIFE_MS,
  },
  preload: () => preloadTransport(new HttpTransport()),
});

// Loads one configuration from stdin, with the function that the first argument names.
import { readFileSync } from "node:fs";
import { type Client, Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { timeStart } from "../../../process/time-start.js";
import { eppoWriter } from "../writer.js";

type Mark = (part: string) => void;

const flagsConfiguration: Uint8Array = readFileSync(0);

const WAYS: Readonly<Record<string, (mark: Mark) => Promise<Client>>> = {
  from: async (mark) =>
    clientOf(
      Configuration.from({ dialect: eppo(), payloads: { flags: flagsConfiguration } }),
      mark,
    ),
  load: async (mark) =>
    clientOf(
      await Configuration.load({ dialect: eppo(), payloads: { flags: flagsConfiguration } }),
      mark,
    ),
  async source(mark) {
    const client = createClient({
      dialect: eppo(),
      source: {
        kind: "bench",
        intervalMs: null,
        dialect: null,
        subscribe(sink, { clock }) {
          const facts = { etag: null, fetchedAtMs: clock.now(), from: "network" } as const;
          // The body has been received here. W9-init measures the creation of a client.
          mark("create");
          void sink.offer([{ part: "flags", ...facts, bytes: flagsConfiguration }]);
          return { end: async () => {} };
        },
        refresh: async () => ({ outcome: "unchanged" }),
      },
    });
    await client.waitForInitialization();
    mark("load");
    return client;
  },
};

await timeStart({ expected: ["Buy now"] }, async (mark) => {
  const client = await WAYS[process.argv[2] ?? ""]?.(mark);
  return client?.getStringAssignment(eppoWriter.shop(1).key, "user-1", {}, "nothing");
});

function clientOf(initialConfiguration: Configuration, mark: Mark): Client {
  mark("load");
  return createClient({ dialect: eppo(), initialConfiguration });
}

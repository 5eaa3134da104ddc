// Loads one configuration, read from standard input, by the way named by the first argument.
import { readFileSync } from "node:fs";
import { Configuration, createClient } from "@sortition/core";
import type { ConfigurationSource } from "@sortition/core/source";
import { eppoWriter } from "../writer.js";

const bytes: Uint8Array = readFileSync(0);

/** Offers a body that it has received. The time counts from there: creating a client is what W9-init measures. */
const source: ConfigurationSource = {
  kind: "bench",
  intervalMs: null,
  dialect: null,
  subscribe(sink, { clock }) {
    const payload = {
      part: "flags",
      etag: null,
      fetchedAtMs: clock.now(),
      from: "network",
    } as const;
    startedAtNs = process.hrtime.bigint();
    void sink.offer([{ ...payload, bytes }]);
    return { end: async () => {} };
  },
  refresh: async () => ({ outcome: "unchanged" }),
};

let startedAtNs = process.hrtime.bigint();
const client = await load(process.argv[2]);
const elapsedNs = process.hrtime.bigint() - startedAtNs;
const asked = client instanceof Function ? client() : client;
const answer = asked.getStringAssignment(eppoWriter.shop(1).key, "user-1", {}, "nothing");
if (answer !== "Buy now") throw new Error(`the answer is "${answer}"`);
process.stdout.write(`${elapsedNs}`);

async function load(way: string | undefined) {
  switch (way) {
    case "from": {
      const initialConfiguration = Configuration.from({ flagsConfiguration: bytes });
      return () => createClient({ initialConfiguration });
    }
    case "load": {
      const initialConfiguration = await Configuration.load({ flagsConfiguration: bytes });
      return () => createClient({ initialConfiguration });
    }
    case "source": {
      const client = createClient({ source });
      await client.waitForInitialization();
      return client;
    }
    default:
      throw new Error(`no way ${way}`);
  }
}

import { writeSync } from "node:fs";
import { type IClientConfig, init } from "@eppo/node-server-sdk";
import { askOneText, shopBytes } from "../workload/shop.js";

// The SDK has no source but the network: `fetch` answers with a body at hand.
const body = new TextDecoder().decode(shopBytes(20));
globalThis.fetch = async () =>
  Object.assign(new Response(), { json: async () => JSON.parse(body) as unknown });
const withoutLogger = { apiKey: "bench", pollingIntervalMs: 2 ** 31 - 1 } as IClientConfig;
const startedAtNs = process.hrtime.bigint();
askOneText(await init(withoutLogger)); // its type asks for a logger, its code does not
writeSync(1, `${process.hrtime.bigint() - startedAtNs}`);
process.exit(); // its poller would keep the process alive

import { askOneText } from "../workload/shop.js";

const startedAtNs = process.hrtime.bigint();
const { init } = await import("@sortition/node");
const client = await init({ apiKey: "bench", baseUrl: process.argv[2] });
const figure = process.hrtime.bigint() - startedAtNs;
askOneText(client);
process.stdout.write(`${figure}`, () => process.exit());

import { Configuration, init } from "@sortition/node";
import { askOneText, shopBytes } from "../workload/shop.js";

const flagsConfiguration = shopBytes(20);
const startedAtNs = process.hrtime.bigint();
const client = await init({ initialConfiguration: Configuration.from({ flagsConfiguration }) });
askOneText(client);
const elapsedNs = process.hrtime.bigint() - startedAtNs; // before `process.stdout` is opened, which takes 2 ms
process.stdout.write(`${elapsedNs}`);

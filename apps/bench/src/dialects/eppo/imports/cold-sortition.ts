import { Configuration, init } from "@sortition/node";
import { askOneText, shopBytes } from "../workload/shop.js";

const flagsConfiguration = shopBytes(20);
const startedAtNs = process.hrtime.bigint();
const client = await init({ initialConfiguration: Configuration.from({ flagsConfiguration }) });
askOneText(client);
process.stdout.write(`${process.hrtime.bigint() - startedAtNs}`);

import { writeSync } from "node:fs";
import { Configuration, init } from "@sortition/node";
import { askOneText, shopBytes } from "../workload/shop.js";

const flagsConfiguration = shopBytes(20);
const startedAtNs = process.hrtime.bigint();
const client = await init({ initialConfiguration: Configuration.from({ flagsConfiguration }) });
askOneText(client);
writeSync(1, `${process.hrtime.bigint() - startedAtNs}`);

import { writeSync } from "node:fs";
import { type IClientConfig, init } from "@sortition/eppo";
import { askOneText } from "../workload/shop.js";

// Its only source is the network: the flags come from the server that the argument names.
const withoutLogger = { apiKey: "bench", baseUrl: process.argv[2] } as IClientConfig;
const startedAtNs = process.hrtime.bigint();
askOneText(await init(withoutLogger)); // its type asks for a logger, its code does not
writeSync(1, `${process.hrtime.bigint() - startedAtNs}`);

import { Configuration, init } from "@sortition/node";
import { askOneText, shopBytes } from "../workload/shop.js";

const initialConfiguration = Configuration.from({ flagsConfiguration: shopBytes(20) });
const client = await init({ initialConfiguration });
askOneText(client);

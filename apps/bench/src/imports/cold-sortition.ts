import { Configuration, init } from "@sortition/node";
import { answerOfShop, shopBytes } from "../workload/flags.js";

const initialConfiguration = Configuration.from({ flagsConfiguration: shopBytes(20) });
const client = await init({ initialConfiguration });
answerOfShop(client);

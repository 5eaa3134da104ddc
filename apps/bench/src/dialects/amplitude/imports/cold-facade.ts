import { writeSync } from "node:fs";
import { halves } from "../workload.js";

const startedAtNs = process.hrtime.bigint();
const { LocalEvaluationClient } = await import("@sortition/amplitude");
const client = new LocalEvaluationClient("bench", { bootstrap: { flag: { ...halves("flag") } } });
const value = client.evaluateV2({ user_id: "user-1" })["flag"]?.value;
const elapsedNs = process.hrtime.bigint() - startedAtNs;
if (value !== "on" && value !== "off") throw new Error("the flag was not evaluated");
writeSync(1, `${elapsedNs}`);

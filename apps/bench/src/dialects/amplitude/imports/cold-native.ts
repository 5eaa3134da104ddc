import { writeSync } from "node:fs";
import { halves } from "../workload.js";

const startedAtNs = process.hrtime.bigint();
const { amplitude } = await import("@sortition/amplitude/dialect");
const { Configuration, createClient } = await import("@sortition/core/client");
const dialect = amplitude();
const payloads = { flags: JSON.stringify([halves("flag")]) };
const initialConfiguration = Configuration.from({ dialect, payloads });
const client = createClient({ dialect, initialConfiguration });
const value = client.getStringAssignment("flag", "user-1", {}, "nothing");
const elapsedNs = process.hrtime.bigint() - startedAtNs;
if (value !== "on" && value !== "off") throw new Error("the flag was not evaluated");
writeSync(1, `${elapsedNs}`);

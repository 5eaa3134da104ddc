// Parses one configuration, read from standard input.
import { readFileSync } from "node:fs";

const text = readFileSync(0, "utf8");
const startedAtNs = process.hrtime.bigint();
const parsed: { readonly flags?: unknown } = JSON.parse(text);
const elapsedNs = process.hrtime.bigint() - startedAtNs;
if (parsed.flags === undefined) throw new Error("there are no flags");
process.stdout.write(`${elapsedNs}`);

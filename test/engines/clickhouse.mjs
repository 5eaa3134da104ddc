// Replaces the command `clickhouse-local --path FOLDER --queries-file FILE`, which is not available from npm.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { folder } from "./install.mjs";

const { Session } = createRequire(join(folder, "package.json"))("chdb");
const [, , , path, , file] = process.argv;
const session = new Session(path);
process.stdout.write(session.query(readFileSync(file, "utf8"), "JSONEachRow"));

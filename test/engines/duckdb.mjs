// Replaces the command `duckdb -c SQL`, which is not available from npm.
import { createRequire } from "node:module";
import { join } from "node:path";
import { folder } from "./install.mjs";

const { DuckDBInstance } = createRequire(join(folder, "package.json"))("@duckdb/node-api");
const database = await DuckDBInstance.create(":memory:");
const connection = await database.connect();
await connection.run(process.argv[3]);

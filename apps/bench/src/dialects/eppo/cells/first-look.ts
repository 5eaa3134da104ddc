import { fork } from "node:child_process";
import { once } from "node:events";
import { builtFile } from "../../../cells/starting.js";

/** Serves so many flags to processes that start, from a process of its own. It ends with this one. */
export async function startFirstLookServer(flagCount: number): Promise<string> {
  const file = builtFile("dialects/eppo/imports/first-look-server.js");
  const server = fork(file, [`${flagCount}`], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [port] = await once(server, "message");
  return `http://127.0.0.1:${port}`;
}

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { split, testFlags } from "../../../packages/testing/src/index.ts";
import { flagServer } from "../../../packages/testing/src/server.ts";
import type { Texts } from "./application.ts";

/**
 * Starts servers for flags that give every visitor the fast checkout, until a program requests `CHANGE_URL`. `/fast` changes
 * them back.
 *
 * @returns the variables of the program.
 */
export async function startChangingFlags(): Promise<Texts> {
  const flags = testFlags();
  const give = (fast: number) =>
    flags
      .string("checkout")
      .variations("fast", "standard")
      .otherwise(split({ fast, standard: 100 - fast }));
  give(100);
  const server = await flagServer({ flags });
  onTestFinished(() => server.close());
  const change = createServer((request, response) => {
    give(request.url === "/fast" ? 100 : 0);
    response.end();
  }).listen(0, "127.0.0.1");
  await once(change, "listening");
  onTestFinished(() => void change.close());
  const { port } = change.address() as AddressInfo;
  return { EPPO_BASE_URL: `${server.url}/api`, CHANGE_URL: `http://127.0.0.1:${port}` };
}

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { split, testFlags } from "../../../packages/testing/src/index.ts";
import { flagServer } from "../../../packages/testing/src/server.ts";
import { start, type Texts } from "./application.ts";

const programOf = (name: string) => readFileSync(join(import.meta.dirname, name), "utf8");

/** The programs of a server in any framework. */
export const PROGRAMS: Texts = {
  "shop.mjs": programOf("shop.mjs"),
  "hosts.mjs": programOf("hosts.mjs"),
};

/** Starts a server with the flags of a shop. */
export async function startShop(
  folder: string,
  args: readonly string[],
  variables: Texts = {},
  program: string = process.execPath,
) {
  const flags = testFlags();
  flags
    .string("checkout")
    .variations("fast", "standard")
    .otherwise(split({ fast: 50, standard: 50 }));
  const server = await flagServer({ flags });
  onTestFinished(() => server.close());
  const environment = {
    EPPO_BASE_URL: `${server.url}/api`,
    FLAGS_SECRET: randomBytes(32).toString("base64url"),
    ...variables,
  };
  const { outputs, url } = await start(
    folder,
    ["--import", "./shop.mjs", ...args],
    environment,
    program,
  );
  const ask = async <T>(what: string): Promise<T> =>
    (await (await fetch(`${url}/${what}`)).json()) as T; // answered by `shop.mjs`
  const visitors: string[] = [];
  return {
    ask,
    outputs,
    visitors,
    async newBody(): Promise<object> {
      const visitor = `visitor-${visitors.length}`;
      visitors.push(visitor);
      return await ask(`body/${visitor}`);
    },
  };
}

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

/** A server with the flags of a shop. */
export interface Shop {
  /** Asks the process, see `shop.mjs`. */
  ask<T>(what: string): Promise<T>;
  outputs(text: string | RegExp): Promise<void>;
  /** Keys of the visitors whose exposures are logged. */
  readonly visitors: string[];
  /** Returns the body that the page of a new visitor posts, to the second vendor's route if it is `other`. */
  newBody(kind?: "body" | "other"): Promise<string>;
}

/** Starts a server with the flags of a shop. */
export async function startShop(
  folder: string,
  args: readonly string[],
  variables: Texts = {},
  program: string = process.execPath,
): Promise<Shop> {
  const flags = testFlags();
  const half = split({ fast: 50, standard: 50 });
  flags.string("checkout").variations("fast", "standard").otherwise(half);
  const server = await flagServer({ flags });
  onTestFinished(() => server.close());
  const environment = {
    EPPO_BASE_URL: `${server.url}/api`,
    FLAGS_SECRET: randomBytes(32).toString("base64url"),
    ...variables,
  };
  const ofShop = ["--import", "./shop.mjs", ...args];
  const { outputs, url } = await start(folder, ofShop, environment, program);
  const ask = async <T>(what: string): Promise<T> =>
    (await (await fetch(`${url}/${what}`)).json()) as T; // answered by `shop.mjs`
  const visitors: string[] = [];
  let bodies = 0;
  return {
    ask,
    outputs,
    visitors,
    async newBody(kind = "body") {
      bodies += 1;
      const visitor = `visitor-${bodies}`;
      visitors.push(kind === "other" ? `other-${visitor}` : visitor);
      return JSON.stringify(await ask(`${kind}/${visitor}`));
    },
  };
}

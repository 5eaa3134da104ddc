import { readArguments } from "../arguments.js";
import { UsageError } from "../errors.js";
import { typesOf } from "../help/command-help.js";
import type { Io } from "../io.js";
import { REDIS_STATUS } from "./help.js";

/** What the command line asks for. */
export interface RedisOptions {
  readonly url: string;
  readonly namespace: string;
  /** `undefined`: the package's default. */
  readonly prefix: string | undefined;
  readonly isJson: boolean;
}

/** @throws UsageError */
export function parseRedisOptions(args: readonly string[], env: Io["env"]): RedisOptions | "help" {
  const { given } = readArguments(args, typesOf(REDIS_STATUS.options), false);
  if (given.has("help")) return "help";
  const url = given.get("url") ?? env["SORTITION_REDIS_URL"];
  if (url === undefined || url === "") {
    throw new UsageError("--url is missing, and so is the variable SORTITION_REDIS_URL");
  }
  // The value may contain a password: it is in no message.
  if (!/^rediss?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
    throw new UsageError("--url: expected a URL such as redis://localhost:6379");
  }
  const namespace = given.get("namespace");
  if (namespace === undefined) {
    throw new UsageError("--namespace is missing; the log line `became leader` names it");
  }
  return { url, namespace, prefix: given.get("prefix"), isJson: given.has("json") };
}

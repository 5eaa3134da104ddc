import { readArguments } from "../arguments.js";
import { UsageError } from "../errors.js";
import { typesOf } from "../help/command-help.js";
import type { Io } from "../io.js";
import { REDIS_STATUS } from "./help.js";

/** The parsed command line. */
export interface RedisOptions {
  readonly url: string;
  readonly namespace: string;
  /** Prefix of the keys; `undefined` for the package's default. */
  readonly prefix: string | undefined;
  readonly isJson: boolean;
}

/** @throws UsageError */
export function parseRedisOptions(args: readonly string[], env: Io["env"]): RedisOptions | "help" {
  const { given } = readArguments(args, typesOf(REDIS_STATUS.options), false);
  if (given.has("help")) return "help";
  const url = given.get("url") ?? env["SORTITION_REDIS_URL"];
  if (url === undefined || url === "") {
    throw new UsageError("--url is missing, and the variable SORTITION_REDIS_URL is not set");
  }
  // Messages must not contain the URL, because it may contain a password.
  if (!/^rediss?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
    throw new UsageError("--url: expected a URL such as redis://localhost:6379");
  }
  const namespace = given.get("namespace");
  if (namespace === undefined) {
    throw new UsageError("--namespace is missing. The log line `became leader` contains it");
  }
  return { url, namespace, prefix: given.get("prefix"), isJson: given.has("json") };
}

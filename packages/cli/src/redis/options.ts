import { readArguments } from "../arguments.js";
import { UsageError } from "../errors.js";
import { type CommandHelp, typesOf } from "../help/command-help.js";
import type { Io } from "../io.js";
import { REDIS_MOVE, REDIS_STATUS } from "./help.js";

/** What all commands for Redis need. */
export interface RedisOptions {
  readonly url: string;
  readonly namespace: string;
  /** Prefix of the keys; `undefined` for the package's default. */
  readonly prefix: string | undefined;
}

/** The parsed command line of `redis status`. */
export interface StatusOptions extends RedisOptions {
  readonly isJson: boolean;
}

/** The parsed command line of `redis move`. */
export interface MoveOptions extends RedisOptions {
  readonly outbox: string | undefined;
  readonly toNamespace: string;
  readonly toOutbox: string | undefined;
}

/** Name of an outbox. */
const DEFAULT = "outbox";

type Given = ReturnType<typeof readArguments>["given"];

/** @throws UsageError */
export function parseStatusOptions(
  args: readonly string[],
  env: Io["env"],
): StatusOptions | "help" {
  const given = givenIn(args, REDIS_STATUS);
  if (given.has("help")) return "help";
  return { ...commonOf(given, env), isJson: given.has("json") };
}

/** @throws UsageError */
export function parseMoveOptions(args: readonly string[], env: Io["env"]): MoveOptions | "help" {
  const given = givenIn(args, REDIS_MOVE);
  if (given.has("help")) return "help";
  const common = commonOf(given, env);
  const [outbox, toOutbox] = [given.get("outbox"), given.get("to-outbox")];
  const toNamespace = given.get("to-namespace") ?? common.namespace;
  if (toNamespace === common.namespace && (toOutbox ?? DEFAULT) === (outbox ?? DEFAULT)) {
    throw new UsageError(
      "the outbox would be moved to itself: pass --to-namespace NAME or --to-outbox NAME",
    );
  }
  return { ...common, outbox, toNamespace, toOutbox };
}

function givenIn(args: readonly string[], { options }: CommandHelp): Given {
  return readArguments(args, typesOf(options), false).given;
}

function commonOf(given: Given, env: Io["env"]): RedisOptions {
  const url = given.get("url") ?? env["SORTITION_REDIS_URL"];
  if (url === undefined || url === "") {
    throw new UsageError("--url is missing, and the variable SORTITION_REDIS_URL is not set");
  }
  const namespace = given.get("namespace");
  if (namespace === undefined) {
    throw new UsageError("--namespace is missing. The log line `became leader` contains it");
  }
  return { url, namespace, prefix: given.get("prefix") };
}

import { readArguments } from "../arguments.js";
import type { CommandLine } from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { type CommandHelp, typesOf } from "../help/command-help.js";
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

/** @throws UsageError */
export async function parseStatusOptions(line: CommandLine): Promise<StatusOptions> {
  const { common, given } = readOptions(line, REDIS_STATUS);
  return { ...common, isJson: given.has("json") };
}

/** @throws UsageError */
export async function parseMoveOptions(line: CommandLine): Promise<MoveOptions> {
  const { common, given } = readOptions(line, REDIS_MOVE);
  const [outbox, toOutbox] = [given.get("outbox"), given.get("to-outbox")];
  const toNamespace = given.get("to-namespace") ?? common.namespace;
  if (toNamespace === common.namespace && (toOutbox ?? DEFAULT) === (outbox ?? DEFAULT)) {
    throw new UsageError(
      "the outbox would be moved to itself: pass --to-namespace NAME or --to-outbox NAME",
    );
  }
  return { ...common, outbox, toNamespace, toOutbox };
}

function readOptions({ args, io }: CommandLine, { options }: CommandHelp) {
  const { given } = readArguments(args, typesOf(options), false);
  const url = given.get("url") ?? io.env["SORTITION_REDIS_URL"];
  if (url === undefined || url === "") {
    throw new UsageError("--url is missing, and the variable SORTITION_REDIS_URL is not set");
  }
  const namespace = given.get("namespace");
  if (namespace === undefined) {
    throw new UsageError("--namespace is missing. The log line `became leader` contains it");
  }
  const common: RedisOptions = { url, namespace, prefix: given.get("prefix") };
  return { common, given };
}

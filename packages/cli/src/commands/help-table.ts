import { DIFF } from "../diff/help.js";
import { EXPLAIN } from "../explain/help.js";
import { FUNCTION } from "../function/help.js";
import type { CommandHelp } from "../help/command-help.js";
import { INSPECT } from "../inspect/help.js";
import { OVERRIDE } from "../override/help.js";
import { REDIS_MOVE, REDIS_STATUS } from "../redis/help.js";
import { REPLAY } from "../replay/help.js";
import { EVALUATE } from "../requests/help.js";
import { SRM } from "../srm/help.js";
import { STALE } from "../stale/help.js";
import { TYPES } from "../types/help.js";

/** All commands, in the order in which the help lists them. */
export const COMMAND_HELP: readonly CommandHelp[] = [
  EVALUATE,
  EXPLAIN,
  INSPECT,
  DIFF,
  REPLAY,
  SRM,
  FUNCTION,
  TYPES,
  STALE,
  OVERRIDE,
  REDIS_STATUS,
  REDIS_MOVE,
];

/** Help and version, which are listed after the commands. */
export const OTHER_FORMS: readonly (readonly [form: string, meaning: string])[] = [
  ["help [COMMAND]", "print this help or the help of a command; also -h, --help"],
  ["version", "print the version; also -v, -V, --version"],
];

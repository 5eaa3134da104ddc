import { UsageError } from "../errors.js";
import { writeResult } from "../evaluate/result-writer.js";
import { renderHelp } from "../help/render-help.js";
import { EXIT, type Io } from "../io.js";
import { createMessages } from "../messages.js";
import { nearText } from "../near.js";
import { REDIS_STATUS } from "../redis/help.js";
import { isMissingPeer, loadRedis, MISSING_PEER, type RedisLibrary } from "../redis/load-redis.js";
import { parseRedisOptions } from "../redis/options.js";
import { readStatus } from "../redis/read-status.js";
import { renderStatus } from "../redis/render.js";
import { createPaint } from "../text/paint.js";

/**
 * `sortition redis status`: shows which worker polls, what is stored, and whether the fleet is healthy.
 *
 * @returns the exit code.
 * @throws UsageError, FileError
 */
export async function redis(args: readonly string[], io: Io): Promise<number> {
  const [subcommand, ...rest] = args;
  if (subcommand === "--help" || subcommand === "-h") return await printHelp(io);
  if (subcommand !== "status") {
    const problem =
      subcommand === undefined
        ? "the subcommand is missing"
        : `unknown subcommand ${JSON.stringify(subcommand)}${nearText(subcommand, ["status"])}`;
    throw new UsageError(`redis: ${problem}; expected status`);
  }
  const options = parseRedisOptions(rest, io.env);
  if (options === "help") return await printHelp(io);
  let library: RedisLibrary;
  try {
    library = await loadRedis();
  } catch (error) {
    if (!isMissingPeer(error)) throw error;
    createMessages(io).error(MISSING_PEER);
    return EXIT.unusable;
  }
  const status = await readStatus(library, options);
  const text = options.isJson
    ? `${JSON.stringify(status, null, 2)}\n`
    : renderStatus(status, createPaint(io.stdout, io.env));
  await writeResult(io.stdout, text);
  return status.health === "healthy" ? EXIT.ok : EXIT.problems;
}

async function printHelp(io: Io): Promise<number> {
  await writeResult(io.stdout, renderHelp(REDIS_STATUS, []));
  return EXIT.ok;
}

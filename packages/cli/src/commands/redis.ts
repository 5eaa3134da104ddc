import { UsageError } from "../errors.js";
import { writeResult } from "../evaluate/result-writer.js";
import { renderHelp } from "../help/render-help.js";
import { EXIT, type Io } from "../io.js";
import { createMessages } from "../messages.js";
import { nearText } from "../near.js";
import { REDIS_MOVE, REDIS_STATUS } from "../redis/help.js";
import { isMissingPeer, loadRedis, MISSING_PEER, type RedisLibrary } from "../redis/load-redis.js";
import { parseMoveOptions, parseStatusOptions } from "../redis/options.js";
import { renderStatus } from "../redis/render.js";
import { move, readStatus } from "../redis/use-redis.js";
import { createPaint } from "../text/paint.js";
import { countText } from "../text/values.js";
import { type Command, command } from "./command.js";

/**
 * `sortition redis status` shows which worker polls, what is stored, and whether the fleet is healthy.
 * `sortition redis move` moves the exposures of an outbox.
 */
export const redis: Command = async (args, io, dialects) => {
  const [subcommand, ...rest] = args;
  if (subcommand === "--help" || subcommand === "-h") {
    const help = [REDIS_STATUS, REDIS_MOVE].map((it) => renderHelp(it, [])).join("\n");
    await writeResult(io.stdout, help);
    return EXIT.ok;
  }
  if (subcommand === "status") return await status(rest, io, dialects);
  if (subcommand === "move") return await moveOutbox(rest, io, dialects);
  const problem =
    subcommand === undefined
      ? "the subcommand is missing"
      : `unknown subcommand ${JSON.stringify(subcommand)}${nearText(subcommand, ["status", "move"])}`;
  throw new UsageError(`redis: ${problem}; expected status or move`);
};

const status = command(REDIS_STATUS, parseStatusOptions, async (options, io) => {
  const library = await load(io);
  if (library === null) return EXIT.unusable;
  const fleet = await readStatus(library, options);
  const text = options.isJson
    ? `${JSON.stringify(fleet, null, 2)}\n`
    : renderStatus(fleet, createPaint(io.stdout, io.env));
  await writeResult(io.stdout, text);
  return fleet.health === "healthy" ? EXIT.ok : EXIT.problems;
});

const moveOutbox = command(REDIS_MOVE, parseMoveOptions, async (options, io) => {
  const library = await load(io);
  if (library === null) return EXIT.unusable;
  const count = await move(library, options);
  await writeResult(io.stdout, `moved ${countText(count, "exposure")}\n`);
  if (count === 0) {
    const advice = "If it should contain any, check --url, --namespace, --outbox and --prefix";
    createMessages(io).plain(`the outbox contains no exposures. ${advice}`);
  }
  return EXIT.ok;
});

/** Returns `null` after a message if a package is missing. */
async function load(io: Io): Promise<RedisLibrary | null> {
  try {
    return await loadRedis();
  } catch (error) {
    if (!isMissingPeer(error)) throw error;
    createMessages(io).error(MISSING_PEER);
    return null;
  }
}

import { RedisError } from "../errors/redis-error.js";
import { redisError, replyWord } from "../errors/reply-error.js";
import { isDatabase } from "./check-database.js";
import { isCluster, type RedisClient } from "./input.js";

/**
 * Returns the database of a client.
 *
 * @throws RedisError if it is not a number, which would end the process when ioredis connects.
 */
export function databaseOf(client: RedisClient): number {
  if (isCluster(client)) return 0;
  // A factory may return an object that only resembles a client.
  const db = (client.options as { readonly db?: unknown } | undefined)?.db ?? 0;
  if (isDatabase(db)) return Number(db);
  throw new RedisError("SORTITION_REDIS_UNREACHABLE", `${db} is not a database number`, {
    advice: "`db`, or the path of the URL",
  });
}

/**
 * Selects the database of a client. If its server has no such database, ioredis would continue with
 * database 0.
 *
 * @param place - address of Redis, for messages.
 * @throws RedisError if Redis refuses.
 */
export async function selectDatabase(client: RedisClient, place: string): Promise<void> {
  const db = databaseOf(client);
  if (db === 0) return;
  try {
    await client.select(db);
  } catch (cause) {
    const word = replyWord(cause);
    if (word !== "ERR") throw redisError(cause, place);
    const advice = "the database number";
    const message = `${place} refused to select database ${db}`;
    throw new RedisError("SORTITION_REDIS_UNREACHABLE", message, { word, advice });
  }
}

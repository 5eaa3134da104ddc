import { OptionError } from "@sortition/core/internal";

/** Whether ioredis can use this as the number of a database. All others would end the process. */
export function isDatabase(db: unknown): boolean {
  return /^\d+$/.test(String(db));
}

/**
 * Checks the database and the credentials in a URL of Redis.
 *
 * @throws OptionError without the credentials.
 */
export function checkUrl(text: string): void {
  const encoding = "encode the user and password with encodeURIComponent";
  if (!URL.canParse(text)) throw new OptionError("redis", `is not a URL: ${encoding}`);
  const url = new URL(text);
  const { hash, host, password, pathname, protocol, search, searchParams, username } = url;
  const path = pathname.replace(/^\/|\/$/g, "");
  const db = searchParams.get("db");
  const example = `write ${protocol}//${host}/0`;
  // If a user or password contains "/", "?" or "#", the rest of it is in the path, query or hash.
  if (pathname.includes("@") || /^\?[^=&]*@/.test(search) || hash.includes("@")) {
    throw new OptionError("redis", encoding);
  }
  if (path !== "" && !isDatabase(path)) {
    throw new OptionError("redis", `"${pathname}" is not a database number: ${example}`);
  }
  if (db !== null && !isDatabase(db)) {
    throw new OptionError("redis", `"db=${db}" is not a database number: ${example}`);
  }
  try {
    for (const part of [username, password]) decodeURIComponent(part);
  } catch {
    throw new OptionError("redis", 'the user or password has a single "%": write %25');
  }
}

/** @throws OptionError if it is not the number of a database. */
export function checkDatabase(db: unknown): void {
  if (db === undefined || db === null || isDatabase(db)) return;
  throw new OptionError("redis.db", `expected a database number, got ${String(db)}`);
}

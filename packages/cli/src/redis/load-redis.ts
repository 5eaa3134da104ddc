/** The message if one of the packages is not installed. */
export const MISSING_PEER =
  "this command needs two more packages: npm install @sortition/redis ioredis";

/** The package that reads the state of a fleet. */
export type RedisLibrary = typeof import("@sortition/redis/status");

/** Loads the package. Only this command needs it. */
export async function loadRedis(): Promise<RedisLibrary> {
  return await import("@sortition/redis/status");
}

/** Whether an import failed because one of the two packages is not installed. */
export function isMissingPeer(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND") &&
    /'(@sortition\/redis|ioredis)'/.test(error.message)
  );
}

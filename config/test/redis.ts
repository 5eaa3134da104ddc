import { provideRedis } from "../../scripts/redis.mjs";

/** Vitest calls this before it starts the processes of tests, which inherit the server's path. */
export function setup(): void {
  provideRedis();
}

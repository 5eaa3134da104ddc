import type { RedisServer } from "@sortition/test-kit/redis";
import type { Target } from "./worker-options.js";

/** Makes a user that has these rights alone. */
export async function userWith(server: RedisServer, rules: string): Promise<Target> {
  await server.command("ACL", "SETUSER", "limited", "reset", "on", ">secret", ...rules.split(" "));
  return { kind: "url", url: `redis://limited:secret@${server.host}:${server.port}` };
}

import type { RedisServer } from "@sortition/test-kit/redis";
import type { Target } from "./worker-options.js";

/** Creates a user with these permissions only. */
export async function userWith(server: RedisServer, rules: string): Promise<Target> {
  await server.command("ACL", "SETUSER", "limited", "reset", "on", ">secret", ...rules.split(" "));
  return { kind: "url", url: `redis://limited:secret@${server.host}:${server.port}` };
}

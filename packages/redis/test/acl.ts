/** A use of Redis that needs its own permissions. */
export type AclUse =
  | "connection"
  | "cluster"
  | "database"
  | "source"
  | "dedupe"
  | "sticky"
  | "outbox"
  | "definitions"
  | "status"
  | "move";

/** Permissions that a use needs in addition to those of `connection`. */
interface AclEntry {
  /** Label in the guide. */
  readonly title: string;
  /** Commands as rules of `ACL SETUSER`, without the `+`. */
  readonly commands: readonly string[];
}

/**
 * The minimal permissions of each use. The tests of this package use users with exactly these
 * permissions, and the guide prints them.
 */
export const ACL: Readonly<Record<AclUse, AclEntry>> = {
  connection: {
    title: "every connection",
    commands: ["hello", "auth", "info", "ping", "client|setname"],
  },
  cluster: { title: "on a Cluster", commands: ["cluster|slots", "cluster|info", "asking"] },
  database: { title: "a database other than 0", commands: ["select"] },
  source: {
    title: "shared configuration",
    commands: [
      ...["evalsha", "eval", "time", "get", "set", "del", "pexpire", "pttl"],
      ...["hget", "hset", "hsetnx", "hmget", "hgetall", "hexists", "hkeys", "hdel"],
      ...["publish", "subscribe"],
    ],
  },
  dedupe: { title: "`fleet.dedupe`", commands: ["set", "del"] },
  sticky: {
    title: "`fleet.stickyBuckets`",
    commands: ["evalsha", "eval", "hgetall", "hget", "hset", "hsetnx", "pexpire"],
  },
  outbox: {
    title: "`fleet.outbox`",
    commands: [
      ...["evalsha", "eval", "xadd", "xlen", "hincrby", "hsetnx", "hkeys", "get", "set"],
      ...[
        "xgroup|create",
        "xgroup|delconsumer",
        "xreadgroup",
        "xautoclaim",
        "xclaim",
        "xpending",
        "xack",
        "xdel",
        "xrange",
        "xinfo|consumers",
      ],
    ],
  },
  definitions: {
    title: "`fleet.flagDefinitionCache`",
    commands: [
      ...["evalsha", "eval", "time", "get", "set", "del", "exists", "publish"],
      ...["hget", "hset", "hsetnx", "hmget", "hexists", "hkeys", "hdel"],
    ],
  },
  status: {
    title: "`sortition redis status`",
    commands: [
      ...["time", "get", "pttl", "hgetall", "hmget", "hstrlen"],
      ...["pubsub|numsub", "hkeys", "xlen", "xpending", "xinfo|consumers"],
    ],
  },
  move: {
    title: "`sortition redis move`",
    commands: [
      ...["eval", "xinfo|consumers", "xrange", "xadd", "xack", "xdel", "xlen"],
      ...["hincrby", "hsetnx", "hdel"],
    ],
  },
};

/**
 * Returns the rules of `ACL SETUSER` for a user with these uses and no other permissions.
 *
 * @param prefix - prefix of all keys and channels.
 */
export function aclRules(uses: readonly AclUse[], prefix = "sortition"): readonly string[] {
  return [`~${prefix}:*`, `&${prefix}:*`, ...aclCommands(uses).map((command) => `+${command}`)];
}

/** Returns the commands that a user with these uses may send. */
export function aclCommands(uses: readonly AclUse[]): readonly string[] {
  const all = (["connection", ...uses] as const).flatMap((use) => ACL[use].commands);
  return [...new Set(all)].sort();
}

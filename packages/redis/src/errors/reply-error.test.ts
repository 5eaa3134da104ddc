import { ERROR_CODES, SortitionError } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { RedisError, type RedisErrorCode } from "./redis-error.js";
import { redisError } from "./reply-error.js";

/** Creates an error as ioredis does for an error reply. */
function reply(message: string): Error {
  const error = Object.assign(new Error(message), { command: { name: "auth", args: ["secret"] } });
  error.name = "ReplyError";
  return error;
}

const codes = Object.keys(ERROR_CODES).filter((code): code is RedisErrorCode =>
  code.startsWith("SORTITION_REDIS_"),
);

describe("RedisError", () => {
  it.each(codes)("with code %s is a SortitionError", (code) => {
    const error = new RedisError(code, "m");
    expect([SortitionError.is(error), error.name]).toEqual([true, "RedisError"]);
  });

  it("has 13 codes", () => expect(codes).toHaveLength(13));
});

describe("redisError", () => {
  it.each([
    { text: "READONLY You can't write against a read only replica.", code: "READONLY" },
    { text: "UNBLOCKED force unblock from blocking operation", code: "READONLY" },
    { text: "MISCONF Redis is configured to save RDB snapshots", code: "READONLY" },
    { text: "OOM command not allowed when used memory > 'maxmemory'.", code: "OOM" },
    { text: "NOPERM No permissions to access a key", code: "DENIED" },
    { text: "NOAUTH Authentication required.", code: "DENIED" },
    { text: "LOADING Redis is loading the dataset in memory", code: "UNREACHABLE" },
    { text: "CLUSTERDOWN Hash slot not served", code: "CLUSTER" },
    { text: "ERR unknown command 'EVALSHA'", code: "SCRIPTING" },
    {
      text: "ERR Error running script (call to f_1): @user_script:8: @user_script: 8: -OOM command not allowed",
      code: "OOM",
    },
  ])("maps the reply $text to $code", ({ text, code }) => {
    expect(redisError(reply(text)).code).toBe(`SORTITION_REDIS_${code}`);
  });

  it.each([
    ["NOAUTH Authentication required.", "none was sent. Write redis://USER:PASSWORD@HOST:PORT."],
    ["NOPERM User limited has no permissions to run the 'evalsha' command", "grant +evalsha."],
    ["NOPERM No permissions to access a key", "Check its user's permissions."],
  ])("says what to do after %s", (text, advice) => {
    expect(redisError(reply(text)).message).toContain(advice);
  });

  it("keeps a system error as its cause", () => {
    const cause = Object.assign(new Error("connect ECONNREFUSED"), {
      code: "ECONNREFUSED",
      syscall: "connect",
    });
    expect(redisError(cause)).toMatchObject({ code: "SORTITION_REDIS_UNREACHABLE", cause });
  });

  it("drops an error reply, which contains the arguments of the command", () => {
    expect(redisError(reply("WRONGPASS invalid username-password pair")).cause).toBeUndefined();
  });
});

import { OptionError } from "@sortition/core/internal";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { checkInput, createClient, prefixOf } from "./input.js";
import { overridesOf } from "./overrides.js";

const OVERRIDES = overridesOf("commands", 1_000);
const URL_WITH_OPTIONS = "redis://u:p%40ss@127.0.0.1:1/3?keyPrefix=app:&readOnly=true&family=6";

describe("a URL with options", () => {
  it("keeps the address and the options that this package does not set", () => {
    const { options } = createClient(URL_WITH_OPTIONS, OVERRIDES);
    expect(options).toMatchObject({
      ...{ host: "127.0.0.1", port: 1, db: 3, username: "u", password: "p@ss", family: 6 },
      ...{ keyPrefix: "", readOnly: false },
    });
  });

  it("contains the prefix, which is added to keys and channels", () => {
    expect(prefixOf(URL_WITH_OPTIONS)).toBe("app:");
  });
});

describe("a typing error in the option redis", () => {
  it.each([
    {
      input: "redis://host:6379/abc",
      message: 'redis: "/abc" is not a database number: write redis://host:6379/0',
    },
    {
      input: "rediss://u:secret@host:6379/0x",
      message: 'redis: "/0x" is not a database number: write rediss://host:6379/0',
    },
    {
      input: "redis://host:6379?db=main",
      message: 'redis: "db=main" is not a database number: write redis://host:6379/0',
    },
    {
      input: "redis://host?db=",
      message: 'redis: "db=" is not a database number: write redis://host/0',
    },
    ...["user/secret", "user:secret#1", "user:1#secret", "user:1?secret"].map((credentials) => ({
      input: `redis://${credentials}@host:6379`,
      message: "encode the user and password with encodeURIComponent",
    })),
    {
      input: Redis,
      message: "redis: is a class: write (options) => new Redis({ host, ...options })",
    },
    { input: { port: "x7879" }, message: "redis.port: expected a number, got x7879" },
    {
      input: "redis://:secret%@host:6379",
      message: 'redis: the user or password has a single "%": write %25',
    },
    { input: undefined, message: "redis: is missing: is REDIS_URL set?" },
    { input: "", message: "redis: is blank: is REDIS_URL set?" },
    { input: { db: "main" }, message: "redis.db: expected a database number, got main" },
    { input: { db: -1 }, message: "redis.db: expected a database number, got -1" },
    {
      input: new Redis("redis://host/main", { lazyConnect: true }),
      message: "redis.db: expected a database number, got NaN",
    },
  ])("is reported without a password: $message", ({ input, message }) => {
    expect(() => checkInput(input)).toThrow(OptionError);
    expect(() => checkInput(input)).toThrow(message);
    expect(message).not.toContain("secret");
  });

  it.each([
    "redis://host",
    "redis://host/",
    "redis://host/2/",
    "redis://host/2",
    "redis://u:p%25@host:1?db=2",
    "redis://host?keyPrefix=a@b:",
    { port: "6379" },
    { port: null },
    () => new Redis({ lazyConnect: true }),
    { db: "2" },
    { db: null },
    { db: 15 },
  ])("is not seen in %j", (input) => {
    expect(() => checkInput(input)).not.toThrow();
  });
});

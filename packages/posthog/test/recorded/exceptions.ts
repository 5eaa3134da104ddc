import type { Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import type { PostHog, PostHogOptions } from "../../src/index.js";
import { BATCH, clientOf, count, end } from "./client.js";

function capturing(stage: Stage, options: PostHogOptions = {}): PostHog {
  stage.server.on(BATCH, 200);
  return clientOf(stage, options);
}

/** Creates an error whose stack refers to no existing file. */
function errorOf(message: string, name = "Error"): Error {
  const stack = `${name}: ${message}\n    at work (/app/none.js:1:2)`;
  return Object.assign(new Error(message), { name, stack });
}

const EVENT = "uncaughtException";
/** Symbol of the listeners of any copy of this package. */
const OWN = Symbol.for("sortition.posthog.uncaught-listener");

/** Throws uncaught errors in an application that keeps running. The test runner does not notice them. */
function throwUncaught(errors: readonly Error[]): void {
  const goesOn = (): void => {};
  process.on(EVENT, goesOn);
  const ours = process.listeners(EVENT).filter((it) => OWN in it);
  for (const error of errors) for (const listener of ours) listener(error, EVENT);
  process.off(EVENT, goesOn);
}

/** How exceptions become part of batches. */
export const EXCEPTIONS: readonly Situation[] = [
  {
    name: "captured ones, with their causes",
    async play(stage) {
      const client = capturing(stage);
      const cause = errorOf("below", "TypeError");
      client.captureException(Object.assign(errorOf("above"), { cause }), "alice", { page: "/" });
      await stage.advance(6_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "in requests of their own, flushed, and at the end",
    async play(stage) {
      const client = capturing(stage);
      const sent = client.captureExceptionImmediate(errorOf("first"), "alice");
      stage.settles("immediate", sent);
      await stage.advance(100);
      client.captureException(errorOf("second"), "alice");
      stage.settles("flush", client.flush());
      await stage.advance(100);
      client.captureException(errorOf("third"), "alice");
      await end(stage, client);
      count(stage, client);
    },
  },
  {
    name: "uncaught ones: limited by type, with more of them after ten seconds",
    async play(stage) {
      const client = capturing(stage, {
        enableExceptionAutocapture: true,
        exceptionRateLimiterBucketSize: 3,
        exceptionRateLimiterRefillRate: 2,
        flushInterval: 1_000,
      });
      const many = (name: string): Error[] =>
        Array.from({ length: 5 }, (_, i) => errorOf(`${name} ${i}`, name));
      throwUncaught([...many("Error"), ...many("TypeError")]);
      await stage.advance(2_000);
      count(stage, client);
      for (let i = 0; i < 5; i++) client.captureException(errorOf(`caught ${i}`), "alice");
      await stage.advance(9_000);
      throwUncaught(many("Error"));
      await stage.advance(2_000);
      count(stage, client);
      await end(stage, client);
    },
  },
];

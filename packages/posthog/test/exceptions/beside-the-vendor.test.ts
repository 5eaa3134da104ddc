import { describe, expect, it } from "vitest";
import {
  BY_CALL,
  type ExceptionEntry,
  exceptionList,
} from "../../src/exceptions/exception-list.js";
import { SourceLines } from "../../src/exceptions/source-lines.js";
import { capturedProperties, THEIRS } from "./captured-properties.js";

/** Returns the exception list that the vendor's SDK sends. */
async function theirs(thrown: unknown): Promise<readonly ExceptionEntry[]> {
  return (await capturedProperties(THEIRS, thrown)).$exception_list;
}

async function ours(thrown: unknown): Promise<readonly ExceptionEntry[]> {
  const list = await exceptionList(thrown, {
    mechanism: BY_CALL,
    callStack: new Error("the call").stack ?? null,
    rules: { projectRoot: null, inAppModules: [] },
    sources: new SourceLines(),
  });
  return JSON.parse(JSON.stringify(list));
}

/** Removes the stack of the call, whose frames in the capturing package differ. */
function withoutCallStack(list: readonly ExceptionEntry[]): unknown {
  return list.map(({ stacktrace, ...entry }) =>
    entry.mechanism["synthetic"] === true
      ? { ...entry, hasStack: stacktrace !== undefined }
      : { ...entry, stacktrace },
  );
}

class PaymentError extends Error {
  override readonly name = "PaymentError";
}
class Plain {
  readonly b = 1;
  readonly a = 2;
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

function recursing(depth: number): never {
  if (depth === 0) throw new RangeError("deep");
  return recursing(depth - 1);
}

const withCause = new Error("outer", { cause: new TypeError("inner", { cause: "text" }) });
const cyclic = new Error("cyclic");
cyclic.cause = cyclic;
const shared = new Error("shared");
const manyMembers = new AggregateError(
  Array.from({ length: 80 }, (_, i) => new Error(`member ${i}`)),
  "many",
);

const VALUES: readonly { readonly name: string; readonly thrown: unknown }[] = [
  { name: "an error", thrown: new Error("boom") },
  { name: "an error with an empty message", thrown: new Error("") },
  { name: "an error of a subclass", thrown: new PaymentError("declined") },
  { name: "an error of the platform", thrown: thrownBy(() => JSON.parse("{")) },
  { name: "an error of a module", thrown: thrownBy(() => new URL("nowhere")) },
  { name: "a recursion", thrown: thrownBy(() => recursing(30)) },
  { name: "causes", thrown: withCause },
  { name: "a cyclic cause", thrown: cyclic },
  { name: "a cause that is an object", thrown: new Error("a", { cause: { code: 5 } }) },
  { name: "members", thrown: new AggregateError([new Error("a"), "b", { c: 1 }], "all") },
  { name: "a member that is a cause", thrown: new AggregateError([shared, shared], "twice") },
  { name: "many members", thrown: manyMembers },
  { name: "an error without a stack", thrown: Object.assign(new Error("x"), { stack: "" }) },
  { name: "a stack that is no stack", thrown: Object.assign(new Error("x"), { stack: "none" }) },
  { name: "a stack of its own", thrown: { message: "m", stack: "Error: m\n  at f (/a/b.js:1:2)" } },
  { name: "a DOMException", thrown: new DOMException("late", "AbortError") },
  { name: "a string", thrown: "boom" },
  { name: "a string with a type", thrown: "Uncaught TypeError: x is not a function" },
  { name: "a string of two lines", thrown: "a\nb" },
  { name: "an empty string", thrown: "" },
  { name: "a number", thrown: 5 },
  { name: "null", thrown: null },
  { name: "undefined", thrown: undefined },
  { name: "a symbol", thrown: Symbol("s") },
  { name: "a bigint", thrown: 5n },
  { name: "a function", thrown: () => 1 },
  { name: "an object", thrown: { b: 1, a: 2 } },
  { name: "an object without keys", thrown: {} },
  { name: "an object with long keys", thrown: { ["k".repeat(30)]: 1, ["l".repeat(30)]: 2 } },
  { name: "an object without a prototype", thrown: Object.assign(Object.create(null), { a: 1 }) },
  { name: "an object with a message", thrown: { message: "hello" } },
  { name: "an object with a name", thrown: { name: "Odd" } },
  { name: "an object with both", thrown: { name: "Odd", message: "hello" } },
  { name: "an object that holds an error", thrown: { error: new Error("inside") } },
  { name: "an instance of a class", thrown: new Plain() },
  { name: "an instance of a class without a name", thrown: new (class {})() },
  { name: "an object whose constructor has no name", thrown: Object.create({ constructor: {} }) },
  { name: "an array", thrown: [1, 2] },
  { name: "an event", thrown: new Event("click") },
  {
    name: "an error with an inner message",
    thrown: Object.assign(new Error("x"), { message: { error: { message: "in" } } }),
  },
];

describe("an exception list equals the vendor's", () => {
  it.each(VALUES)("for $name", async ({ thrown }) => {
    expect(withoutCallStack(await ours(thrown))).toEqual(withoutCallStack(await theirs(thrown)));
  });
});

describe("a value without a stack", () => {
  it("has the stack of the call, with its source code", async () => {
    const [entry] = await ours("boom");
    const frame = entry?.stacktrace?.frames.at(-1);
    expect(frame).toMatchObject({ function: "ours", in_app: true });
    expect(frame?.context_line).toContain('new Error("the call")');
    expect([frame?.pre_context?.length, frame?.post_context?.length]).toEqual([7, 7]);
  });
});

describe("a value that cannot be read", () => {
  const throws = (): never => {
    throw new Error("no");
  };
  it.each([
    { name: "getters that throw", thrown: Object.defineProperty({}, "message", { get: throws }) },
    { name: "a revoked proxy", thrown: revoked() },
    {
      name: "a message that throws",
      thrown: Object.defineProperty(new Error(), "message", { get: throws }),
    },
  ])("is an unknown error: $name", async ({ thrown }) => {
    expect(await ours(thrown)).toMatchObject([{ type: "Error", value: "Unknown error" }]);
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

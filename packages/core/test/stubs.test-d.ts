import { describe, expectTypeOf, it } from "vitest";
import { type Client, type TypedClient, typed } from "../src/index.js";

interface AppFlags {
  readonly checkout: { readonly string: "fast" | "standard" };
}

/** Code of a user that needs one method. */
function titleOf(flags: Pick<Client, "getBooleanAssignment">): string {
  return flags.getBooleanAssignment("new-title", "user-1", {}, false) ? "new" : "old";
}

describe("stubs of a client in users' tests, without a cast", () => {
  it("may have the methods that the code uses", () => {
    expectTypeOf(titleOf({ getBooleanAssignment: () => true })).toEqualTypeOf<string>();
  });

  it("may be whole: any object with the same members is a client", () => {
    const whole = {} as { [Name in keyof Client]: Client[Name] };
    expectTypeOf(whole).toExtend<Client>();
    expectTypeOf(typed<AppFlags>(whole)).toExtend<TypedClient<AppFlags>>();
  });

  it("may not lack members", () => {
    // @ts-expect-error: a client has more methods.
    const lacking: Client = { getBooleanAssignment: () => true };
    expectTypeOf(lacking).toEqualTypeOf<Client>();
  });
});

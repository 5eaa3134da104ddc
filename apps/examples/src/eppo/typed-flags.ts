// For production: set EPPO_API_KEY, and leave EPPO_BASE_URL unset to use the vendor's server.
// `sortition types --config flags.json --out src/flags.ts` writes the interface.
import { createClient, type EvaluationDetails, type TypedClient, typed } from "@sortition/node";

interface AppFlags {
  /** Experiment: 50% fast_checkout, 50% standard_checkout. */
  "test-checkout": { string: "fast_checkout" | "standard_checkout" };
  /** Switch: 100% three. */
  "column-count": { integer: 3 };
}

export const flags: TypedClient<AppFlags, EvaluationDetails> = typed<AppFlags>(
  createClient({
    apiKey: process.env["EPPO_API_KEY"] ?? "example",
    baseUrl: process.env["EPPO_BASE_URL"],
    assignmentLogger: null,
  }),
);
await flags.waitForInitialization();

// `flags.getStringAssignment("test-chekout", …)` and a default of "slow" do not compile.
const checkout = flags.getStringAssignment("test-checkout", "user-1", {}, "standard_checkout");
switch (checkout) {
  case "fast_checkout":
    console.log("one page");
    break;
  case "standard_checkout":
    console.log("three pages");
    break;
}
console.log(flags.getIntegerAssignment("column-count", "user-1", {}, 3), "columns");
await flags.close();

// Prints:
//   one page
//   3 columns

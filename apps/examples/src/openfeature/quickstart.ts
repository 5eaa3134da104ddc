// For production: set EPPO_API_KEY, and leave EPPO_BASE_URL unset to use the vendor's server.
import { OpenFeature, ProviderEvents } from "@openfeature/server-sdk";
import { createClient } from "@sortition/node";
import { SortitionProvider } from "@sortition/openfeature";

// The provider creates its client when it is registered, and closes it with OpenFeature.
const provider = SortitionProvider.create(() =>
  createClient({
    apiKey: process.env["EPPO_API_KEY"] ?? "example",
    baseUrl: process.env["EPPO_BASE_URL"],
    assignmentLogger: {
      logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} has ${variation}`),
    },
  }),
);
OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, (event) =>
  console.log("the flags have changed", event?.["flagsChanged"]),
);
await OpenFeature.setProviderAndWait(provider);

// Anywhere else in the program, only OpenFeature is needed.
const flags = OpenFeature.getClient();

for (const targetingKey of ["user-1", "user-2", "user-3"]) {
  const { reason, value } = await flags.getStringDetails("test-checkout", "standard_checkout", {
    targetingKey,
  });
  console.log(`${targetingKey} sees ${value}: ${reason}`);
}
const unknown = await flags.getBooleanDetails("no-such-flag", false, { targetingKey: "user-1" });
console.log(`no-such-flag is ${unknown.value}: ${unknown.errorCode}`);

await OpenFeature.close();

// Prints:
//   logged: user-1 has fast_checkout
//   user-1 sees fast_checkout: SPLIT
//   logged: user-2 has fast_checkout
//   user-2 sees fast_checkout: SPLIT
//   logged: user-3 has standard_checkout
//   user-3 sees standard_checkout: SPLIT
//   no-such-flag is false: FLAG_NOT_FOUND

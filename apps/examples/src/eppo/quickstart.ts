// For production: set EPPO_API_KEY, and leave EPPO_BASE_URL unset to use the vendor's server.
import { getInstance, init } from "@sortition/node";

await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: {
    logAssignment(event) {
      console.log(`logged: ${event.subject} is in ${event.experiment} with ${event.variation}`);
    },
  },
});

// Anywhere else in the program, this returns the same client.
const client = getInstance();

for (const userId of ["user-1", "user-2", "user-3"]) {
  const variation = client.getStringAssignment("test-checkout", userId, {}, "standard_checkout");
  if (variation === "fast_checkout") {
    console.log(`${userId} sees the short form`);
  } else {
    console.log(`${userId} sees the usual form`);
  }
}

await client.close();

// Prints:
//   logged: user-1 is in test-checkout-half-and-half with fast_checkout
//   user-1 sees the short form
//   logged: user-2 is in test-checkout-half-and-half with fast_checkout
//   user-2 sees the short form
//   logged: user-3 is in test-checkout-half-and-half with standard_checkout
//   user-3 sees the usual form

// For production: set EPPO_API_KEY, and leave EPPO_BASE_URL unset to use the vendor's server.
import { type Attributes, init } from "@sortition/node";

await using client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: { logAssignment() {} },
});

const subjects: readonly (readonly [string, Attributes])[] = [
  ["anna", { country: "NL", browser_type: "Safari" }],
  ["bram", { country: "NL", browser_type: "Chrome" }],
  ["carl", {}],
];

for (const [subjectKey, attributes] of subjects) {
  const details = client.getStringAssignmentDetails("payment", subjectKey, attributes, "checkout");
  const { value, reason, exposure, evaluationDetails } = details;
  console.log(`${subjectKey}: ${value} (${reason}, exposure ${exposure.reason})`);
  console.log(
    `  ${evaluationDetails.flagEvaluationCode}: ${evaluationDetails.flagEvaluationDescription}`,
  );
  for (const { key, allocationEvaluationCode } of evaluationDetails.unmatchedAllocations) {
    console.log(`  not ${key}: ${allocationEvaluationCode}`);
  }
}

// Prints:
//   anna: checkout_apple_pay (rule, exposure not-loggable)
//     MATCH: Supplied attributes match rules defined in allocation "apple-pay".
//   bram: checkout_ideal (rule, exposure delivered)
//     MATCH: Supplied attributes match rules defined in allocation "ideal".
//     not apple-pay: FAILING_RULE
//   carl: checkout (no-allocation, exposure default)
//     DEFAULT_ALLOCATION_NULL: No allocations matched. Falling back to "Default Allocation", serving NULL
//     not apple-pay: FAILING_RULE
//     not ideal: FAILING_RULE

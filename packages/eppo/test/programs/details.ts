import { type Attributes, init } from "@eppo/node-server-sdk";

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: { logAssignment: (event) => console.log(event) },
});

const subjects: readonly (readonly [string, Attributes])[] = [
  ["anna", { country: "NL", browser_type: "Safari" }],
  ["bram", { country: "NL", browser_type: "Chrome" }],
  ["carl", {}],
];

for (const [subjectKey, attributes] of subjects) {
  const details = client.getStringAssignmentDetails("payment", subjectKey, attributes, "checkout");
  console.log(details);
  const { variation, action, evaluationDetails } = details;
  console.log(`${subjectKey}: ${variation}, ${action}`);
  console.log(
    `  ${evaluationDetails.flagEvaluationCode}: ${evaluationDetails.flagEvaluationDescription}`,
  );
  for (const { key, allocationEvaluationCode } of evaluationDetails.unmatchedAllocations) {
    console.log(`  not ${key}: ${allocationEvaluationCode}`);
  }
  console.log(client.getAssignmentDetail("payment", subjectKey, attributes));
}
console.log(client.getAssignmentDetail("no-such-flag", "anna"));
client.stopPolling();

import { init } from "@eppo/node-server-sdk";

/** The agreed shape of the flag `spring-campaign`. It is not checked at run time. */
interface Campaign {
  readonly heroImage?: string;
  readonly heroTitle?: string;
  readonly heroDescription?: string;
}

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: { logAssignment: (event) => console.log(event) },
});
const subject = { country: "DK" };

if (client.getBooleanAssignment("new-ui", "user-1", subject, false)) console.log("the new UI");
else console.log("the old UI");
console.log(client.getBoolAssignment("new-ui", "user-1", subject, false));

const columns = client.getIntegerAssignment("column-count", "user-1", subject, 2);
const freeDeliveryFrom = client.getNumericAssignment("free-delivery-from", "user-1", subject, 50);
console.log(`${columns} columns, free delivery from ${freeDeliveryFrom.toFixed(2)}`);

const campaign = client.getJSONAssignment("spring-campaign", "user-1", subject, {}) as Campaign;
const { heroImage = "", heroTitle = "", heroDescription = "" } = campaign;
console.log(`${heroImage}: ${heroTitle}. ${heroDescription}`);
console.log(client.getJSONAssignmentDetails("spring-campaign", "user-1", subject, {}));

// A getter of another type than the flag's returns the default; the details say why.
const wrong = client.getBooleanAssignmentDetails("column-count", "user-1", subject, false);
console.log(wrong.variation, wrong.evaluationDetails.flagEvaluationDescription);

client.setIsGracefulFailureMode(false);
try {
  client.getBooleanAssignment("column-count", "user-1", subject, false);
} catch (error) {
  console.log(error instanceof Error);
}
try {
  client.getBooleanAssignment("new-ui", "", subject, false);
} catch (error) {
  console.log(error instanceof Error && error.message);
}

const page = {
  flagKey: "test-checkout",
  controlVariationEntry: "control entry",
  treatmentVariationEntries: ["first entry", "second entry"],
};
console.log(client.getExperimentContainerEntry(page, "user-1", {}));
const salted = client.getPrecomputedConfiguration("user-1", subject, {}, "salt");
console.log(Object.keys(JSON.parse(salted)));
client.stopPolling();

// For production: set EPPO_API_KEY, and leave EPPO_BASE_URL unset to use the vendor's server.
import { init } from "@sortition/node";

/** The expected shape of the flag `spring-campaign`. It is not checked at run time. */
interface Campaign {
  readonly heroImage: string;
  readonly heroTitle?: string;
  readonly heroDescription?: string;
}

await using client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: null,
});
// A client of one subject, for one request. Its values do not change during the request.
const flags = client.forSubject({ subjectKey: "user-1", attributes: { country: "DK" } });

// The type of the default value is the type of the result.
if (flags.getBooleanAssignment("new-ui", false)) console.log("the new UI");
else console.log("the old UI");

const columns = flags.getIntegerAssignment("column-count", 2);
const freeDeliveryFrom = flags.getNumericAssignment("free-delivery-from", 50);
console.log(`${columns} columns, free delivery from ${freeDeliveryFrom.toFixed(2)}`);

const campaign = flags.getJSONAssignment<Campaign | null>("spring-campaign", null);
if (campaign !== null) {
  const { heroImage, heroTitle = "", heroDescription = "" } = campaign;
  console.log(`${heroImage}: ${heroTitle}. ${heroDescription}`);
}

// A getter of the wrong type returns the default, and the details contain the error code.
const wrong = flags.getBooleanAssignmentDetails("column-count", false);
console.log(wrong.value, wrong.errorCode);
console.log(wrong.evaluationDetails.flagEvaluationDescription);

// Prints:
//   the new UI
//   3 columns, free delivery from 29.50
//   /hero/spring.jpg: Spring is here. Everything green is half the price.
//   false SORTITION_TYPE_MISMATCH
//   Variation value does not have the correct type. Found INTEGER, but expected BOOLEAN for flag column-count

import { growthbook } from "@sortition/growthbook/dialect";
import { Configuration, init } from "@sortition/node";
import { HALVES, halvesBytes } from "../features.js";

const dialect = growthbook();
const flags = halvesBytes(99);
const client = await init({
  dialect,
  initialConfiguration: Configuration.from({ dialect, payloads: { flags } }),
  assignmentLogger: null, // as the vendor's without a callback
});
if (client.getStringAssignment(HALVES, "user-1", {}, "") === "") process.exitCode = 1;

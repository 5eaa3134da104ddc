import { Configuration, createClient } from "@sortition/core/client";
import { growthbook } from "@sortition/growthbook/dialect";
import { HALVES, halvesBytes } from "../features.js";

const dialect = growthbook();
const flags = halvesBytes(99);
const client = createClient({
  dialect,
  initialConfiguration: Configuration.from({ dialect, payloads: { flags } }),
  assignmentLogger: null, // as the vendor's without a callback
});
if (client.getStringAssignment(HALVES, "user-1", {}, "") === "") process.exitCode = 1;

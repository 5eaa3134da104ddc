import { timeStart } from "../../../process/time-start.js";
import { shopFlags } from "../../writer.js";
import { responseOf } from "../response.js";
import { posthogWriter } from "../writer.js";

const name = process.argv[2] ?? "";
const flags = posthogWriter.bytes([...shopFlags(posthogWriter, 99), posthogWriter.half("flag")]);

// The vendor's poller would keep the process alive.
await timeStart({ expected: posthogWriter.halves, exits: true }, async (mark) => {
  if (name === "@sortition/node") {
    const [{ posthog }, { Configuration, init }] = await Promise.all([
      import("@sortition/posthog/dialect"),
      import("@sortition/node"),
    ]);
    mark("import");
    const dialect = posthog();
    const initialConfiguration = Configuration.from({ dialect, payloads: { flags } });
    mark("load");
    const client = await init({ dialect, initialConfiguration, assignmentLogger: null });
    mark("create");
    return client.getStringAssignment("flag", "user-1", {}, "");
  }
  const { PostHog } = await import(name);
  mark("import");
  const fetch = async () => responseOf(flags);
  const client = new PostHog("phc_bench", { secretKey: "phs_bench", fetch });
  await client.waitForLocalEvaluationReady();
  mark("create");
  const options = { onlyEvaluateLocally: true, sendFeatureFlagEvents: false };
  return client.getFeatureFlag("flag", "user-1", options);
});

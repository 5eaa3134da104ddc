import { timeStart } from "../../../process/time-start.js";
import { amplitudeWriter } from "../writer.js";

const name = process.argv[2] ?? "";
const flag = amplitudeWriter.half("flag");

await timeStart({ expected: amplitudeWriter.halves }, async (mark) => {
  if (name === "@sortition/amplitude/dialect") {
    const { amplitude } = await import("@sortition/amplitude/dialect");
    const { Configuration, createClient } = await import("@sortition/core");
    mark("import");
    const dialect = amplitude();
    const payloads = { flags: JSON.stringify([flag]) };
    const initialConfiguration = Configuration.from({ dialect, payloads });
    mark("load");
    const client = createClient({ dialect, initialConfiguration });
    mark("create");
    return client.getStringAssignment("flag", "user-1", {}, "nothing");
  }
  const { LocalEvaluationClient } = await import(name);
  mark("import");
  const client = new LocalEvaluationClient("bench", { bootstrap: { flag } });
  mark("create");
  return client.evaluateV2({ user_id: "user-1" })["flag"]?.value;
});

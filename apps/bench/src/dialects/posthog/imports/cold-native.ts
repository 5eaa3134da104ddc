import { definitionBytes, halves, shopFlags } from "../definitions.js";
import { firstAnswer } from "../first-answer.js";

const bytes = definitionBytes([...shopFlags(99), halves("flag")]);
await firstAnswer(async () => {
  const [{ posthog }, { Configuration, init }] = await Promise.all([
    import("@sortition/posthog/dialect"),
    import("@sortition/node"),
  ]);
  const dialect = posthog();
  const initialConfiguration = Configuration.from({ dialect, payloads: { flags: bytes } });
  const client = await init({ dialect, initialConfiguration, assignmentLogger: null });
  return client.getStringAssignment("flag", "user-1", {}, "");
});

import { expect, inject, it } from "vitest";
import { run } from "./run.ts";

/** Compares pages with native getters in each dialect, and prints the number of compared subjects and events. */
const PROGRAM = `
import { deepStrictEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { amplitude } from "@sortition/amplitude/dialect";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { split, testFlags } from "@sortition/testing";
import { createReader } from "@sortition/web";
import { webFlags } from "@sortition/web/server";
const dialects = { eppo: eppo(), datadog: datadog(), growthbook: growthbook(), amplitude: amplitude(), posthog: posthog({ projectApiKey: "phc" }) };
const secrets = [randomBytes(32).toString("base64url")];
const factsOf = ({ messageId, timestamp, ...facts }) => JSON.parse(JSON.stringify(facts));
const result = {};
for (const [name, dialect] of Object.entries(dialects)) {
  const flags = testFlags({ dialect });
  flags.string("checkout").variations("fast", "standard").otherwise(split({ fast: 50, standard: 50 }));
  const logged = () => {
    const events = [];
    return { events, client: flags.client({ assignmentLogger: { logAssignment: (event) => events.push(event) } }) };
  };
  const [native, web] = [logged(), logged()];
  const attributes = { country: "DK" };
  const { POST, snapshot } = webFlags({
    client: web.client, audience: "test", secrets, subject: ({ url }) => ({ subjectKey: url, attributes }),
  });
  let subjects = 0;
  for (let i = 0; i < 1_000; i++) {
    const request = new Request("https://shop.example/" + i);
    const shown = JSON.parse(JSON.stringify(await snapshot({ checkout: "none" }, request)));
    const value = native.client.getStringAssignment("checkout", request.url, attributes, "none");
    if (createReader(shown).get("checkout", "none") === value) subjects += 1;
    const body = JSON.stringify({ t: shown.token, f: shown.logs });
    const { status } = await POST(new Request("https://shop.example/api", { method: "POST", body }));
    deepStrictEqual(status, 204);
  }
  deepStrictEqual(web.events.map(factsOf), native.events.map(factsOf));
  result[name] = [subjects, web.events.length];
}
console.log(JSON.stringify(result));
`;

it.each(inject("nodes"))(
  "pages show the values and log the events of native getters on Node $version",
  async ({ file }) => {
    const args = ["--input-type=module", "--eval", PROGRAM];
    const { stderr, stdout } = await run(file, args, { cwd: inject("consumer") });
    expect(stderr).toBe("");
    const counts: Record<string, readonly number[]> = JSON.parse(stdout);
    expect(Object.keys(counts)).toHaveLength(5);
    for (const count of Object.values(counts)) expect(count).toEqual([1_000, 1_000]);
  },
);

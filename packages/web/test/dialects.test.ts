import { describe, expect, it } from "vitest";
import { createReader } from "../src/index.js";
import { webFlags } from "../src/server.js";
import { DIALECTS, describeFlags, factsOf, loggedClient } from "./support/flags.js";
import { postShown } from "./support/post.js";
import { newSecret } from "./support/secrets.js";

const SUBJECTS = 40;
const SEAL = { audience: "shop-test", secrets: [newSecret()] };

describe.each(DIALECTS)("a page with flags of $dialect", ({ create }) => {
  it(`shows the values and logs the events of native getters, for ${SUBJECTS} subjects`, async () => {
    const flags = create();
    describeFlags(flags, { fast: 50, standard: 50 });
    const [native, rendering, receiving] = [
      loggedClient(flags),
      loggedClient(flags),
      loggedClient(flags),
    ];
    const options = {
      ...SEAL,
      subject: (request: Request) => ({ subjectKey: request.url, attributes }),
    };
    const { snapshot } = webFlags({ client: rendering.client, ...options });
    const { POST } = webFlags({ client: receiving.client, ...options });
    const attributes = { country: "DK", age: 42, plan: null, tags: ["a"] };
    for (let i = 0; i < SUBJECTS; i++) {
      const request = new Request(`https://shop.example/${i}`);
      const [key] = [request.url];
      const expected = {
        checkout: native.client.getStringAssignment("checkout", key, attributes, "none"),
        search: native.client.getStringAssignment("search", key, attributes, "none"),
        ui: native.client.getBooleanAssignment("ui", key, attributes, false),
      };
      const shown = await snapshot({ checkout: "none", search: "none", ui: false }, request);
      const reader = createReader(JSON.parse(JSON.stringify(shown)));
      expect({
        checkout: reader.get("checkout", "none"),
        search: reader.get("search", "none"),
        ui: reader.get("ui", false),
      }).toEqual(expected);
      if (shown.logs.length > 0) expect(await postShown(POST, shown, shown.logs)).toBe(204);
    }
    expect(native.events.length).toBeGreaterThanOrEqual(SUBJECTS);
    expect(factsOf(receiving.events)).toEqual(factsOf(native.events));
    expect(rendering.events).toEqual([]);
  });
});

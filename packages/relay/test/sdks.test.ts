import { describe, expect, it } from "vitest";
import { serverOf, VENDORS } from "./formats.js";
import { ANSWERS } from "./sdks.js";
import { ENVIRONMENTS, relayOf } from "./start.js";

describe.each(VENDORS)("the newest Node SDK of %s", (vendor) => {
  it("answers 500 subjects through the relay as it does without, with another host and nothing else", async () => {
    const { server } = await serverOf(vendor);
    const direct = await ANSWERS[vendor](server.url);
    const requests = server.requests.length;
    const relay = await relayOf({ environments: [ENVIRONMENTS[vendor](server.url)] });
    expect(server.requests.length).toBe(requests + 1);

    expect(new Set(direct)).toEqual(new Set(["fast", "standard"]));
    const environment = vendor.toLowerCase();
    expect(await ANSWERS[vendor](`${relay.url}/${environment}`)).toEqual(direct);
    expect(await ANSWERS[vendor](relay.url)).toEqual(direct); // the only environment needs no name
    expect(server.requests.length).toBe(requests + 1);
  });
});

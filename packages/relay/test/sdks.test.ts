import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { serverOf, VENDORS } from "./formats.js";
import { CLIENTS } from "./sdks.js";
import { ENVIRONMENTS, relayOf } from "./start.js";

describe.each(VENDORS)("flags of %s", (vendor) => {
  const row = VENDORS.indexOf(vendor);

  it.each(Object.entries(CLIENTS[vendor]).filter((_, i) => isInPart(row % 3, i)))(
    "get the same values for 500 subjects from the relay as from the vendor, if only the host changes, in %s",
    async (_, answersOf) => {
      const { server } = await serverOf(vendor);
      const direct = await answersOf(server.url);
      const requests = server.requests.length;
      const relay = await relayOf({ environments: [ENVIRONMENTS[vendor](server.url)] });
      expect(server.requests.length).toBe(requests + 1);

      expect(new Set(direct)).toEqual(new Set(["fast", "standard"]));
      expect(await answersOf(`${relay.url}/${vendor.toLowerCase()}`)).toEqual(direct);
      expect(await answersOf(relay.url)).toEqual(direct); // the only environment needs no name
      expect(server.requests.length).toBe(requests + 1);
    },
  );
});

import { describe, expect, it } from "vitest";
import { keyFault } from "./key-fault.js";

describe("keyFault", () => {
  it.each([
    { key: '"phc_1"', fault: /is in quotes/ },
    { key: "'phc_1'", fault: /is in quotes/ },
    { key: " 'phc_1' ", fault: /is in quotes/ },
    { key: 'phc_1"', fault: /is in quotes/ },
    { key: "phc_1\n", fault: /around it/ },
    { key: " phc_1", fault: /around it/ },
    { key: "\u00a0phc_1", fault: /around it/ },
    { key: "phc_1 phc_2", fault: /contains spaces/ },
  ])("names the fault of %j without the key", ({ fault, key }) => {
    expect(keyFault(key)).toMatch(fault);
    expect(keyFault(key)).toMatch(/remove them|write only the key/);
    expect(keyFault(key)).not.toContain("phc");
  });

  it.each(["phc_1", "sdk-é", "server-abc.def=", "", undefined, 5])("accepts %j", (key) => {
    expect(keyFault(key)).toBeNull();
  });
});

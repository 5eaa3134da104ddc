import { GrowthBookClient } from "@growthbook/growthbook";
import type { Vendor } from "../answers.js";
import { DEFAULTS } from "../program.js";

/** Evaluates with GrowthBook's own client. */
export async function growthbookVendor(text: string): Promise<Vendor> {
  const client = new GrowthBookClient().initSync({ payload: JSON.parse(text) });
  return {
    ask({ attributes, flagKey, subjectKey, type }) {
      const logged: unknown[] = [];
      const { value } = client.evalFeature(flagKey, {
        attributes: { ...attributes, id: subjectKey },
        trackingCallback: (_, { key }) => void logged.push(key),
      });
      return { value: value ?? DEFAULTS[type], logged: logged[0] ?? null };
    },
    close: () => client.destroy(),
  };
}

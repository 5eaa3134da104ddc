import { seededRandom } from "@sortition/proof";
import { tempFile } from "../run.js";
import { GENERATED_DIALECTS } from "./dialects.js";
import { changed, type GeneratedFlag, generatedFlags } from "./flags.js";

const [eppo] = GENERATED_DIALECTS;

/** Two configurations whose experiments include all subjects. The second one changes the traffic. */
export function files(): { readonly old: string; readonly now: string } {
  const random = seededRandom(11);
  const flags = generatedFlags(random, 3).map((flag) => ({ ...flag, traffic: 100 }));
  const configOf = (them: readonly GeneratedFlag[]): string => JSON.stringify(eppo?.configOf(them));
  return {
    old: tempFile("threads-old.json", configOf(flags)),
    now: tempFile(
      "threads-new.json",
      configOf(flags.map((flag) => changed(flag, "traffic", random))),
    ),
  };
}

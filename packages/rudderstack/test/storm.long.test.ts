import { itWeathersStorms } from "@sortition/test-kit/logger-contract";
import { harness } from "./support/harness.js";

itWeathersStorms(harness, 1_000, 12);

import { isWhole } from "@sortition/test-kit";
import { describeGetters } from "./graceful-cases.js";

describeGetters(isWhole ? 300 : 40);

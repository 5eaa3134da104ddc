import { isWhole } from "@sortition/test-kit";
import { describePayloads } from "./payload-cases.js";

describePayloads(isWhole ? 500 : 100);

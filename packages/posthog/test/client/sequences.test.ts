import { seedOr } from "@sortition/dialect-kit/differential";
import { describeSequences } from "./sequences-beside-the-vendor.js";

describeSequences(100, seedOr(20_251_124));

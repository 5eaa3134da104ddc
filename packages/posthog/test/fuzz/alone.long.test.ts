import { describeAlone } from "./alone.js";

describeAlone(2_000);

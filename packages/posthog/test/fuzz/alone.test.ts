import { describeAlone } from "./alone.js";

describeAlone(500);

import { describePrograms } from "./describe-programs.js";

describePrograms(40);

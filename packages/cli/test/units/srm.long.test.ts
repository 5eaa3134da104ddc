// Also all vendors.
import "./srm.test.js";
import { describeCorrectExperiments } from "./correct-experiments.js";

describeCorrectExperiments(120);

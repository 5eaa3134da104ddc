// All phases.
import "./exit.test.js";

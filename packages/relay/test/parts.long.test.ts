// All refusals.
import "./parts.test.js";

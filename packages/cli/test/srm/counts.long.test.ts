// All cases.
import "./counts.test.js";

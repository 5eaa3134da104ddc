// All cases.
import "./parts.test.js";

// All users of each flag.
import "./conformance.test.js";

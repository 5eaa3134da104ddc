// All failures.
import "./unconfirmed.test.js";

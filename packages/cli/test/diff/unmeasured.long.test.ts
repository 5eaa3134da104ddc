// All dialects.
import "./unmeasured.test.js";

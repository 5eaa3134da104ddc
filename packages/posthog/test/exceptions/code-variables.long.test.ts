// All ways to end.
import "./code-variables.test.js";

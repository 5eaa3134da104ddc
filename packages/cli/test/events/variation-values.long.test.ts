// All cases.
import "./variation-values.test.js";

// All vendors.
import "./evaluate.test.js";

// All cases.
import "./large-integers.test.js";

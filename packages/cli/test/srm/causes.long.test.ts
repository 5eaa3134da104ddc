// All cases.
import "./causes.test.js";

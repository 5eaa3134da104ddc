// All issues.
import "./lists.test.js";

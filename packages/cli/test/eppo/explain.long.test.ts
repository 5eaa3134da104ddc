// More subjects.
import "./explain.test.js";

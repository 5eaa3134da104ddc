// More experiments.
import "./power.test.js";

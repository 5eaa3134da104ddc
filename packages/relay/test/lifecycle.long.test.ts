// All signals, ports and configurations.
import "./lifecycle.test.js";

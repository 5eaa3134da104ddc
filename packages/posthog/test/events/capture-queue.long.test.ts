// More histories.
import "./capture-queue.test.js";

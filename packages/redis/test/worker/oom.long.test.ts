// With one worker, too.
import "./oom.test.js";

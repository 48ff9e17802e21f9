// Plain JavaScript, so that a thread of its own can start it: threads do not inherit the loader of seawall.mjs.
import { register } from "tsx/esm/api";

register();
const { readAhead } = await import("./second-reader-thread.ts");
readAhead();

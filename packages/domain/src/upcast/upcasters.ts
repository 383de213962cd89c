import { type UpcasterTable, upcastWith } from "./upcast.ts";

/** One line for each change of an event's meaning since the first release. */
const UPCASTERS: UpcasterTable = {};

/** Every event in today's words: hand it to the log as its `upcast`. */
export const upcast = upcastWith(UPCASTERS);
